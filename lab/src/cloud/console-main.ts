/** Builds the console if need be: before tests, so that no lab does it while a browser has its pages open. */

import { ensureConsole } from './console.ts';

await ensureConsole();
