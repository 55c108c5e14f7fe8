import { expect, test } from 'vitest';
import { type GeneratorLoad, generatorSaturation } from './generator-saturation.js';

const kept: GeneratorLoad = {
  unsent: 0,
  lateP99Ms: 250,
  droppedIterations: 0,
  busiestCpu: 0.9,
  busiestMachine: 0.95,
};

test('a generator that kept up is not saturated, to the limits', () => {
  expect(generatorSaturation(kept)).toEqual([]);
  expect(generatorSaturation({})).toEqual([]);
});

test.each<[Partial<GeneratorLoad>, string]>([
  [{ unsent: 2 }, 'planned requests without a client record: 2'],
  [
    { lateP99Ms: 250.6 },
    'the load generator fell behind: 1 % of the requests left more than 251 ms late (limit 250 ms)',
  ],
  [{ droppedIterations: 3 }, 'k6 dropped 3 iterations'],
  [
    { busiestCpu: 0.96 },
    'the load generator was saturated: it kept 96 % of the processors busy for a second (limit 90 %)',
  ],
  [
    { busiestMachine: 0.99 },
    'the load generator was saturated: 99 % of the processors were busy for a second (limit 95 %)',
  ],
])('%o is told', (changed, sentence) => {
  expect(generatorSaturation({ ...kept, ...changed })).toEqual([sentence]);
});

test('all reasons are told at once', () => {
  expect(
    generatorSaturation({
      unsent: 1,
      lateP99Ms: 999,
      droppedIterations: 1,
      busiestCpu: 1,
      busiestMachine: 1,
    }),
  ).toHaveLength(5);
});
