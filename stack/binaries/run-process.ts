import { spawn } from 'node:child_process';

/** What a finished process left behind. */
export interface ProcessResult {
  /** `null` when a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Its standard input stays open for as long as this Node process lives. When that ends, even by kill -9, the watcher
// reads end-of-file and ends the group: a build must not outlive the run that asked for it and use up the cores.
const underWatch = `
exec 3<&0 </dev/null
(cat <&3; kill -KILL 0) >/dev/null 2>&1 &
exec 3<&-
exec "$@"`;

/**
 * Runs a program in a process group of its own to its end.
 *
 * @param options.signal Ends the whole group at once.
 * @returns The result, whatever the exit code is.
 * @throws the reason of `signal` when it aborted, else what the system says when the shell cannot be started.
 */
export async function runProcess(
  executable: string,
  commandArguments: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cwd?: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ProcessResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', underWatch, 'sh', executable, ...commandArguments], {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const endGroup = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  signal?.addEventListener('abort', endGroup, { once: true });
  try {
    const [stdout, stderr, exitCode] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      }),
    ]);
    signal?.throwIfAborted();
    return { exitCode, stdout, stderr };
  } finally {
    signal?.removeEventListener('abort', endGroup);
    child.stdin.destroy();
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
  }
  return text;
}
