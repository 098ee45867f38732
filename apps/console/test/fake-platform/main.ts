import { join } from 'node:path';
import type { Mode } from './dataset.ts';
import { FakePlatform } from './server.ts';

// For people who work on the console: node test/fake-platform/main.ts [mode] [port]
const fake = new FakePlatform({
  mode: (process.argv[2] ?? 'demo') as Mode,
  dist: join(import.meta.dirname, '../../dist'),
});
console.log(await fake.listen(Number(process.argv[3] ?? 8443)));
