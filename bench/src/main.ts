import { availableParallelism } from 'node:os';
import type { Metric } from './metric.ts';

/** Each benchmark by its name; loaded when asked for, since some bring a cloud with them. */
const BENCHES: Readonly<Record<string, () => Promise<() => AsyncIterable<Metric>>>> = {
  libvirt: async () => (await import('./libvirt.ts')).libvirtBench,
  ipfix: async () => (await import('./ipfix.ts')).ipfixBench,
  platform: async () => (await import('./platform.ts')).platformBench,
  engine: async () => (await import('./engine.ts')).engineBench,
  enforce: async () => (await import('./enforce.ts')).enforceBench,
  dataplane: async () => (await import('./dataplane.ts')).dataplaneBench,
};

const line = (m: Metric) =>
  `${m.pass ? '✓' : '✗'} ${m.name} ${m.metric}: ${m.value} ${m.unit}${m.peer === '' ? '' : ` beside ${m.peer}`}${m.ratio === null ? '' : `, ratio ${m.ratio}`} (goal ${m.goal})`;

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const names = args.filter((a) => !a.startsWith('-'));
  if (names.length === 0 || names[0] === 'list') {
    console.log(Object.keys(BENCHES).join('\n'));
    return 0;
  }
  const chosen = names.includes('all') ? Object.keys(BENCHES) : names;
  const unknown = chosen.filter((name) => BENCHES[name] === undefined);
  if (unknown.length > 0) {
    console.error(
      `There is no benchmark called ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}, all`,
    );
    return 2;
  }
  if (!json) console.log(`${availableParallelism()} cores`);
  for (const name of chosen) {
    const bench = await BENCHES[name]!();
    for await (const metric of bench()) console.log(json ? JSON.stringify(metric) : line(metric));
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
