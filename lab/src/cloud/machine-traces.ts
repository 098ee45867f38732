import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SYSTEM_USER } from '@hypervigil/postgres';
import { run } from '../run.ts';
import type { CloudOptions } from './options.ts';
import { PLATFORM_DATA, RUN_DIR } from './own-host.ts';
import { labOf } from './up.ts';

/**
 * Removes what belongs to no single cloud, once the last one of this machine is gone: the sockets' folder and the
 * database's account. `userdel` itself refuses while a process of the account runs.
 */
export async function removeMachineTraces(options: CloudOptions): Promise<void> {
  const labs = dirname(labOf(options).dir);
  if (existsSync(PLATFORM_DATA) || (existsSync(labs) && readdirSync(labs).length > 0)) return;
  rmSync(RUN_DIR, { recursive: true, force: true });
  if (process.getuid?.() === 0) await run(['userdel', SYSTEM_USER]);
}
