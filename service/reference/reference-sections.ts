import { SimulatedEngine } from '../engine/simulated-engine.js';
import { Exchanges } from '../exchanges.js';
import { PerformanceMonitor } from '../monitor/performance-monitor.js';
import { readSettings } from '../settings/read-settings.js';
import { bucketRows } from './bucket-table.js';
import { conformanceRows } from './conformance-rows.js';
import { describeSettings } from './describe-settings.js';

/** The parts of the service's reference that the code knows best, as Markdown, by the name of their section. */
export async function referenceSections(): Promise<Record<string, string>> {
  return {
    settings: settingsTable(),
    metrics: await metricsTable(),
    buckets: bucketTable(),
    conformance: conformanceTable(),
  };
}

/** Puts sections into a page, each between its two marks. */
export function withSections(page: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [before, after] = [text.indexOf(begin), text.indexOf(end)];
    if (before < 0 || after < before) throw new Error(`the page has no place for ${name}: ${begin} … ${end}`);
    return `${text.slice(0, before + begin.length)}\n\n${content}\n\n${text.slice(after)}`;
  }, page);
}

function settingsTable(): string {
  const rows = describeSettings().map(({ name, range, fallback, hint }) => [
    `\`${name}\``,
    fallback === undefined ? '' : `\`${fallback}\``,
    range,
    hint,
  ]);
  return table(['Setting', 'Default', 'Legal', ''], rows);
}

async function metricsTable(): Promise<string> {
  const { engine, completion } = readSettings({});
  const monitor = new PerformanceMonitor({
    exchanges: new Exchanges(),
    engine: new SimulatedEngine(engine),
    model: completion.servedModelName,
    connections: { openCount: 0, refusedCount: 0 },
    sockets: { openCount: 0 },
  });
  const metrics = await monitor.registry.getMetricsAsJSON();
  monitor.close();
  return table(
    ['Metric', 'Type', ''],
    metrics.map(({ name, type, help }) => [`\`${name}\``, String(type), help]),
  );
}

function bucketTable(): string {
  const told = 'Told from';
  return table(
    ['Median / 99th percentile of', 'True', `${told} 0.1, 0.3, 1.2, 5.0 s`, `${told} these buckets`],
    bucketRows(),
  );
}

function conformanceTable(): string {
  return table(['What clients rely on', 'Tested in'], conformanceRows());
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}
