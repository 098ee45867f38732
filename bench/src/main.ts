import { availableParallelism } from 'node:os';
import { BENCHES } from './benches.ts';
import type { Metric } from './metric.ts';

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
