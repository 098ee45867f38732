import { randomBytes } from 'node:crypto';
import { openDuckDbStore } from '../index.ts';
import { sampleRow, T0 } from './sample-flows.ts';

/** Appends batches of three updates of one flow for as long as it lives and prints each one's id once it is durable. */
const store = await openDuckDbStore({ path: process.argv[2]! });
for (;;) {
  const batch = randomBytes(6).toString('base64url');
  await store.append(
    batch,
    [1, 2, 3].map((n) => sampleRow({ key: batch, packets: 1, endMs: T0 + n })),
  );
  process.stdout.write(`${batch}\n`);
}
