import { defineConfig } from 'vitest/config';

const never = ['**/node_modules/**', 'reports/out/**'];

export default defineConfig({
  test: {
    retry: 0,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...never, '**/*.stack.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['**/*.stack.test.ts'],
          exclude: never,
          // Each starts whole stacks: side by side they would disturb each other's timing on a small machine.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'experiment',
          include: ['chaos/experiments/*.experiment.ts'],
          exclude: never,
          // The files share one run folder; in one worker its evidence is read once.
          fileParallelism: false,
          isolate: false,
          testTimeout: 30_000,
        },
      },
    ],
  },
});
