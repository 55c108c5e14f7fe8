/** What people call a status of the client records: `502`, or `no response` for 0. */
export function statusName(status: number): string {
  return status === 0 ? 'no response' : String(status);
}
