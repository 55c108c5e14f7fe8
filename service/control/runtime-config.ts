import type { LatencySettings } from '../engine/latency-model.js';
import type { FaultRegistry } from '../faults/fault-registry.js';
import { type Env, EnvReader } from '../settings/env-reader.js';
import { type FailureInjection, readFailureInjection } from '../settings/read-failure-injection.js';
import { readLatencies } from '../settings/read-latencies.js';

/** What can be changed while an instance runs. */
export type RuntimeSettings = FailureInjection & LatencySettings;

/** Settings by their names in kebab case, such as `inter-token-latency`. */
type Named = Readonly<Record<string, unknown>>;

/** What settings at run time change. */
export interface RuntimeTargets {
  readonly faults: FaultRegistry;
  /** Where the delays go; undefined for an instance whose answers come from an upstream. */
  readonly engine: { latencies: LatencySettings } | undefined;
}

/** The settings of an instance that can be changed while it runs. They obey the rules of the environment. */
export class RuntimeConfig {
  readonly #targets: RuntimeTargets;
  #settings: RuntimeSettings;
  /** The fault that injects the failures, if there is one. */
  #faultId: string | undefined;

  /** Puts the failure injection in place. */
  constructor(settings: RuntimeSettings, targets: RuntimeTargets) {
    this.#targets = targets;
    // Read again, which leaves out what cannot be changed.
    this.#settings = readRuntime(new EnvReader(toEnv(toNamed(settings))));
    this.#inject();
  }

  /** What holds now, by name. */
  read(): Named {
    const { failureInjectionRate, failureTypes, ...latencies } = this.#settings;
    const { faults, engine } = this.#targets;
    // Whoever removes all faults removes this one.
    const isInPlace = faults.list().some(({ id }) => id === this.#faultId);
    return toNamed({
      ...(engine && latencies),
      failureInjectionRate: isInPlace ? failureInjectionRate : 0,
      failureTypes,
    });
  }

  /** Changes the settings that are named, all or none. @returns everything that is wrong with them */
  change(body: unknown): readonly string[] {
    const now = this.read();
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return ['body: expected an object of settings'];
    const problems = Object.entries(body).flatMap(([name, value]) => {
      if (!(name in now)) return [`${name}: expected one of ${Object.keys(now).join(', ')}`];
      if (isValue(value)) return [];
      return [`${name}: expected a number, a text or a list of texts (received ${JSON.stringify(value)})`];
    });
    if (problems.length > 0) return problems;
    const reader = new EnvReader(toEnv({ ...now, ...body }));
    const settings = readRuntime(reader);
    if (reader.problems.length > 0) return reader.problems.map(({ name, message }) => `${kebab(name)}: ${message}`);
    this.#settings = settings;
    if (this.#targets.engine) this.#targets.engine.latencies = settings;
    this.#inject();
    return [];
  }

  #inject(): void {
    const { faults } = this.#targets;
    const { failureInjectionRate, failureTypes: types } = this.#settings;
    if (this.#faultId !== undefined) faults.remove(this.#faultId);
    const rate = failureInjectionRate / 100;
    this.#faultId = rate > 0 ? faults.place({ kind: 'failure', types, rate }).id : undefined;
  }
}

function readRuntime(reader: EnvReader): RuntimeSettings {
  return { ...readLatencies(reader), ...readFailureInjection(reader) };
}

function isValue(value: unknown): boolean {
  if (typeof value === 'number') return true;
  const texts = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '');
}

function toNamed(settings: object): Named {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [kebab(name), value]));
}

function toEnv(named: Named): Env {
  const texts = Object.entries(named).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : `${value}`,
  ]);
  return Object.fromEntries(texts.map(([name, text]) => [name?.replaceAll('-', '_').toUpperCase(), text]));
}

/** `interTokenLatency` and `INTER_TOKEN_LATENCY` are both `inter-token-latency`. */
function kebab(name: string): string {
  const snake = /^[A-Z_]+$/.test(name) ? name : name.replace(/[A-Z]/g, '_$&');
  return snake.toLowerCase().replaceAll('_', '-');
}
