import { StartError } from '../start-error.js';

/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** One numeric setting. */
export interface NumberSetting {
  readonly name: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  /** Whether fractions are legal; they are not unless said so. */
  readonly fractions?: boolean;
  readonly hint: string;
}

/** One setting that is text. */
export interface TextSetting {
  readonly name: string;
  readonly legal: RegExp;
  /** The legal values in words. */
  readonly range: string;
  readonly hint: string;
  /** A secret's value is left out of the problem. */
  readonly secret?: boolean;
}

/** What one setting is, for the reference. */
export interface SettingDescription {
  readonly name: string;
  /** The legal values in words. */
  readonly range: string;
  /** Undefined when it is unset by default. */
  readonly fallback: string | undefined;
  readonly hint: string;
}

/** One thing that is wrong with a setting. */
export interface SettingProblem {
  readonly name: string;
  /** What was received, what would be legal, and a hint. */
  readonly message: string;
}

/** Reads settings and gathers every problem, so that all can be told at once. An empty variable counts as unset. */
export class EnvReader {
  readonly #env: Env;
  readonly #problems: SettingProblem[] = [];
  readonly #described = new Map<string, SettingDescription>();

  constructor(env: Env) {
    this.#env = env;
  }

  /** What is wrong with those read so far. */
  get problems(): readonly SettingProblem[] {
    return this.#problems;
  }

  /** The settings read so far, in that order. */
  get described(): readonly SettingDescription[] {
    return [...this.#described.values()];
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** The number, or `fallback` when unset or wrong. */
  number({ name, fallback, min, max, fractions = false, hint }: NumberSetting): number {
    const range = `${fractions ? 'a number' : 'an integer'} from ${min} to ${max}`;
    this.#describe(name, range, String(fallback), hint);
    const text = this.#value(name);
    if (text === undefined) return fallback;
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max && (fractions || Number.isInteger(value))) return value;
    this.problem(name, JSON.stringify(text), range, hint);
    return fallback;
  }

  /** The text, or `fallback` when unset or wrong; an unset variable without a fallback is a problem. */
  text({ name, legal, range, hint, secret = false }: TextSetting, fallback?: string): string {
    this.#describe(name, range, fallback, hint);
    const text = this.#value(name) ?? fallback;
    if (text !== undefined && legal.test(text)) return text;
    const received = secret ? 'a value that is not shown' : JSON.stringify(text);
    this.problem(name, text === undefined ? 'nothing' : received, range, hint);
    return fallback ?? '';
  }

  /** One of the values, or `fallback` when unset or wrong. */
  choice<const T extends string>(name: string, values: readonly T[], fallback: T, hint: string): T {
    this.#describe(name, `one of ${values.join(', ')}`, fallback, hint);
    const text = this.#value(name);
    const value = values.find((one) => one === text);
    if (text !== undefined && value === undefined) {
      this.problem(name, JSON.stringify(text), `one of ${values.join(', ')}`, hint);
    }
    return value ?? fallback;
  }

  /** The text as it stands, or undefined when unset. */
  optional(name: string, range: string, hint: string): string | undefined {
    this.#describe(name, range, undefined, hint);
    return this.#value(name);
  }

  problem(name: string, received: string, range: string, hint: string): void {
    this.#problems.push({ name, message: `received ${received}, expected ${range}. ${hint}` });
  }

  /** @throws StartError with one line per problem, if there was any. */
  assertNoProblems(): void {
    const count = this.#problems.length;
    if (count === 0) return;
    const lines = this.#problems.map(({ name, message }) => `  ${name}: ${message}`);
    throw new StartError(`${count} wrong ${count === 1 ? 'setting' : 'settings'}:\n${lines.join('\n')}`);
  }

  #describe(name: string, range: string, fallback: string | undefined, hint: string): void {
    this.#described.set(name, { name, range, fallback, hint });
  }

  #value(name: string): string | undefined {
    return this.#env[name] || undefined;
  }
}
