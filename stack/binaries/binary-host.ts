/** The parts of the machine that decide which program is found: replaceable, so that tests need no real machine. */
export interface BinaryHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
}

/** The machine that this process runs on. */
export function currentHost(): BinaryHost {
  return { env: process.env, platform: process.platform, arch: process.arch };
}
