import { expect, test } from 'vitest';
import { exitCodes } from '../../harness/errors/exit-code.js';
import { GauntletError } from '../../harness/errors/gauntlet-error.js';
import { printError } from './print-error.js';

function print(error: unknown): { exitCode: number; text: string } {
  let text = '';
  const exitCode = printError(error, (part) => {
    text += part;
  });
  return { exitCode, text };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: write`), { code });
}

test('an error that a person can act on: message, every hint, no stack', () => {
  expect(print(new GauntletError('No.', { hint: 'Do this.\nOr that.', cause: new Error('inner') }))).toEqual({
    exitCode: exitCodes.badInput,
    text: 'gauntlet: No.\n  hint: Do this.\n  hint: Or that.\n',
  });
});

test('the exit code of the error counts', () => {
  expect(print(new GauntletError('No.', { exitCode: exitCodes.internalFault }))).toEqual({
    exitCode: exitCodes.internalFault,
    text: 'gauntlet: No.\n',
  });
});

test('an interrupt', () => {
  const controller = new AbortController();
  controller.abort();
  expect(print(controller.signal.reason)).toEqual({
    exitCode: exitCodes.interrupted,
    text: 'gauntlet: interrupted; everything that was started has been stopped.\n',
  });
});

test('a wait that an error elsewhere cut short shows that error', () => {
  const cut = Object.assign(new Error('The operation was aborted'), {
    name: 'AbortError',
    cause: systemError('ENOSPC'),
  });
  expect(print(cut).text).toContain('the disk is full');
});

test.each(['ENOSPC', 'EDQUOT'])('%s: the disk is full', (code) => {
  const { exitCode, text } = print(systemError(code));
  expect(exitCode).toBe(exitCodes.badInput);
  expect(text).toContain(`gauntlet: the disk is full (${code}: write).`);
  expect(text).toContain('  hint: Free some space');
});

test('what failed first counts, and that cleaning up failed too is said', async () => {
  const both = await (async () => {
    await using _broken = {
      [Symbol.asyncDispose]: async () => {
        throw new Error('cannot stop llm-2');
      },
    };
    throw new GauntletError('Port 80 is taken.', { hint: 'Choose another.' });
  })().catch((error: unknown) => error);
  expect(print(both)).toEqual({
    exitCode: exitCodes.badInput,
    text: [
      'gauntlet: Port 80 is taken.',
      '  hint: Choose another.',
      'gauntlet: ending what was started failed as well: cannot stop llm-2',
      '  hint: gauntlet clean ends what is left.',
      '',
    ].join('\n'),
  });
});

test('a fault of ours asks for a report, with the stack', () => {
  const { exitCode, text } = print(new TypeError('x is not a function'));
  expect(exitCode).toBe(exitCodes.internalFault);
  expect(text).toMatch(/^gauntlet: internal fault\. Please report it/);
  expect(text).toContain('TypeError: x is not a function\n    at ');
});

test('something that is no error', () => {
  expect(print('odd')).toMatchObject({ exitCode: exitCodes.internalFault, text: expect.stringContaining('odd') });
});
