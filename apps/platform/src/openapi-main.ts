import { writeFile } from 'node:fs/promises';
import { api, openapi } from '@hypervigil/contract';
import { VERSION } from './version.ts';

/** Writes docs/reference/openapi.json, the contract for those who do not read TypeScript. */
const target = new URL('../../../docs/reference/openapi.json', import.meta.url);
await writeFile(target, `${JSON.stringify(openapi(api, VERSION), null, 2)}\n`);
