import { type ParquetColumn, writeParquet } from '@hypervigil/flowstore';
import type { Flow } from '@hypervigil/model';
import { asking } from './asking.ts';
import { FLOW_COLUMNS } from './csv.ts';

type Pages = AsyncIterable<readonly Flow[]>;

/** A flow on each line (JSON Lines). */
export async function* flowsJson(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((flow) => `${JSON.stringify(flow)}\n`).join('');
}

const NUMBERS: ReadonlySet<string> = new Set([
  ...[
    'protocol',
    'src_port',
    'dst_port',
    'src_asn',
    'dst_asn',
    'icmp_type',
    'icmp_code',
    'rule',
    'pending_rule',
    'gateway',
  ],
  ...['bytes', 'packets', 'reply_bytes', 'reply_packets'],
]);
const TIMES: ReadonlySet<string> = new Set(['started_at', 'last_at']);

const COLUMNS = FLOW_COLUMNS.map(
  ([name]): ParquetColumn => ({ name, type: NUMBERS.has(name) ? 'number' : TIMES.has(name) ? 'time' : 'text' }),
);

/** The columns of the CSV, with types. */
export const flowsParquet = (pages: Pages): Promise<AsyncGenerator<Uint8Array>> =>
  asking(() => writeParquet(COLUMNS, rowsOf(pages)));

async function* rowsOf(pages: Pages) {
  for await (const page of pages)
    yield page.map((flow) =>
      FLOW_COLUMNS.map(([name, of]) => (TIMES.has(name) ? Date.parse(String(of(flow))) : of(flow))),
    );
}
