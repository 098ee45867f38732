import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { BENCHES, BESIDE, type Benches } from './benches.ts';
import type { Metric } from './metric.ts';

const line = (m: Metric) =>
  `${m.pass ? '✓' : '✗'} ${m.name} ${m.metric}: ${m.value} ${m.unit}${m.peer === '' ? '' : ` beside ${m.peer}`}${m.ratio === null ? '' : `, ratio ${m.ratio}`} (goal ${m.goal})`;

const USAGE = `hv bench NAME … [--json] [--peer ${Object.keys(BESIDE).join(' | ')}]
NAME: ${Object.keys(BENCHES).join(', ')}, or all`;

function flags(argv: readonly string[]) {
  const options = { json: { type: 'boolean' }, peer: { type: 'string' }, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return null;
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const given = flags(argv);
  if (given === null) return 2;
  const { json = false, peer, help = false } = given.values;
  const names = given.positionals;
  const benches: Benches | undefined = peer === undefined ? BENCHES : BESIDE[peer];
  if (!benches) {
    console.error(`There is no peer called ${peer}. There are: ${Object.keys(BESIDE).join(', ')}`);
    return 2;
  }
  if (help || names.length === 0 || names[0] === 'list') {
    console.log(help ? USAGE : Object.keys(benches).join('\n'));
    return 0;
  }
  const chosen = names.includes('all') ? Object.keys(benches) : names;
  const unknown = chosen.filter((name) => benches[name] === undefined);
  if (unknown.length > 0) {
    const which = peer === undefined ? 'no benchmark' : `nothing to measure beside ${peer}`;
    console.error(`There is ${which} called ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}, all`);
    return 2;
  }
  if (!json) console.log(`${availableParallelism()} cores`);
  for (const name of chosen) {
    const bench = await benches[name]!();
    for await (const metric of bench()) console.log(json ? JSON.stringify(metric) : line(metric));
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
