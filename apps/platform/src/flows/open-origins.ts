import { MmdbError, type Origins, openOrigins as openFiles } from '@hypervigil/mmdb';
import { StartError } from '../errors.ts';

/** @throws StartError `bad-config` for a file that is none */
export async function openOrigins(paths: readonly string[]): Promise<Origins> {
  try {
    return await openFiles(paths);
  } catch (cause) {
    if (!(cause instanceof MmdbError)) throw cause;
    throw new StartError('bad-config', `--mmdb-files: ${cause.message}`, { cause });
  }
}
