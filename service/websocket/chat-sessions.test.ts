import { expect, it } from 'vitest';
import { SimulatedEngine } from '../engine/simulated-engine.js';
import { readSettings } from '../settings/read-settings.js';
import { ChatSessions } from './chat-sessions.js';

it('keeps a thousand sessions without a connection, and forgets the one that was left first', () => {
  const { engine, sockets } = readSettings({});
  const sessions = new ChatSessions(new SimulatedEngine(engine), sockets);
  const left = Array.from({ length: 1001 }, () => sessions.open());
  for (const session of left) sessions.leaveAlone(session);
  const found = left.map(({ id }) => sessions.find(id) !== undefined);
  expect(found.indexOf(true)).toBe(1);
  expect(found.filter(Boolean)).toHaveLength(1000);
  sessions.endWaiting();
  expect(left.some(({ id }) => sessions.find(id) !== undefined)).toBe(false);
});
