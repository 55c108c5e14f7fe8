import { expect, it } from 'vitest';
import { FrameLog } from './frame-log.js';

it('numbers frames from 1 and gives them out again', () => {
  const log = new FrameLog(10);
  expect([log.lastSeq, log.has(0), log.has(1), log.after(0)]).toEqual([0, true, false, undefined]);
  log.add({ type: 'a' });
  log.add({ type: 'b' });
  expect([log.lastSeq, log.after(0), log.after(1), log.after(2)]).toEqual([
    2,
    '{"seq":1,"type":"a"}',
    '{"seq":2,"type":"b"}',
    undefined,
  ]);
});

it('keeps at least the newest ones up to its limit, and says what is gone', () => {
  const log = new FrameLog(10);
  for (let place = 1; place <= 1000; place += 1) log.add({ place });
  expect(log.lastSeq).toBe(1000);
  expect(log.has(990)).toBe(true);
  expect(log.has(900)).toBe(false);
  expect(log.has(1001)).toBe(false);
  expect(log.after(999)).toBe('{"seq":1000,"place":1000}');
});
