import { expect, it } from 'vitest';
import { networkFileSystem } from './network-file-system.js';

it.each([
  ['NFS', 0x6969],
  ['CIFS', 0xff534d42],
  ['CIFS', 0xff534d42 | 0],
  ['SMB', 0xfe534d42],
])('%s is shared over a network (%i)', (name, type) => {
  expect(networkFileSystem(type)).toBe(name);
});

it.each([
  ['ext4', 0xef53],
  ['overlayfs', 0x794c7630],
  ['tmpfs', 0x01021994],
  ['FUSE, as LiteFS is', 0x65735546],
])('%s is not (%i)', (_name, type) => {
  expect(networkFileSystem(type)).toBeUndefined();
});
