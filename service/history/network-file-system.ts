/** What `statfs` calls the file systems that machines share over a network. FUSE is not among them: LiteFS is one. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x01021997, '9P'],
]);

/**
 * The name of the network file system with this `statfs` type; undefined for any other. SQLite's write-ahead log needs
 * memory that all its users share, so they have to be on one machine.
 */
export function networkFileSystem(type: number): string | undefined {
  return NETWORK_FILE_SYSTEMS.get(type >>> 0);
}
