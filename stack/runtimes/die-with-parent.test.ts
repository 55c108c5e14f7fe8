import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { dieWithParent } from './die-with-parent.js';
import { identify } from './process-identity.js';

test.runIf(process.platform === 'linux')('a command ends when its parent is killed with -9', async () => {
  const child = dieWithParent({ file: '/bin/sleep', args: ['600'] });
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const c = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { detached: true, stdio: 'ignore' });
       c.once('spawn', () => console.log(c.pid));
       setInterval(() => {}, 1000);`,
      child.file,
      ...child.args,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(identify(pid)).toBeDefined();
  parent.kill('SIGKILL');
  await once(parent, 'close');
  await expect.poll(() => identify(pid), { timeout: 5_000, interval: 20 }).toBeUndefined();
});
