/** The exit codes of `gauntlet`. They are part of its interface: scripts and CI branch on them. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  badInput: 3,
  internalFault: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
