import type { Benchmark } from './benchmark.js';

/** Loaded by name, so that one benchmark does not load what another one needs. */
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  engine: async () => (await import('./engine.js')).engine,
  generator: async () => (await import('./generator.js')).generator,
  history: async () => (await import('./history.js')).history,
  ledger: async () => (await import('./ledger.js')).ledger,
  service: async () => (await import('./service.js')).service,
};

const names = Object.keys(benchmarks);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`bench: there is no benchmark ${unknown.join(', ')}.\n  hint: Benchmarks: ${names.join(', ')}.`);
  process.exit(3);
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

for (const name of asked.length === 0 ? names : asked) {
  const benchmark = await benchmarks[name]?.();
  if (benchmark === undefined) continue;
  console.log(`${benchmark.name}: ${benchmark.title}`);
  const figures = await benchmark.run((line) => console.log(`  ${line}`), interrupted.signal);
  for (const { name, measured, goal } of figures) console.log(`${name}: ${measured} (goal ${goal})`);
}
