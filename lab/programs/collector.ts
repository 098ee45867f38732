/** Collects flow records as a collector simply does, from whoever sends them; writes a line for each into a file. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { startCollector } from '@hypervigil/ipfix';

const [file = ''] = process.argv.slice(2);
await startCollector({
  host: '127.0.0.1',
  port: 0,
  onRecord: ({ srcAddr, dstAddr, dstPort }) => appendFileSync(file, `${srcAddr} ${dstAddr} ${dstPort}\n`),
});
writeFileSync(file, 'collecting\n');
