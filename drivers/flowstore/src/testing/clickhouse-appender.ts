import { setTimeout as pause } from 'node:timers/promises';
import { openClickHouseStore } from '../index.ts';
import { sampleRow, T0 } from './sample-flows.ts';

/**
 * Appends the same batches as every other process that was given the same number of them, each of three updates of one flow of its own, until the
 * server has taken them, and prints the id of each that it stored itself.
 */
const [url, batches] = process.argv.slice(2);
const store = await openClickHouseStore({ url: url! });

async function append(key: string): Promise<boolean> {
  for (;;) {
    const rows = [1, 2, 3].map((n) => sampleRow({ key, packets: 1, endMs: T0 + n }));
    const result = await store.append(key, rows).catch(() => null);
    if (result !== null) return result.stored;
    await pause(50);
  }
}

await Promise.all(
  Array.from({ length: Number(batches) }, async (_, n) => {
    const key = `b${n}`;
    if (await append(key)) process.stdout.write(`${key}\n`);
  }),
);
await store.close();
