import path from 'node:path';
import { becomeFrugal } from './frugal.ts';

becomeFrugal(path.join(process.env['HV_CACHE_DIR'] ?? '/var/cache/hypervigil', 'code'));
// Only now, so that nothing is loaded twice.
const { runCommand } = await import('./command.ts');
await runCommand(process.argv.slice(2));
