import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { FlowStoreError } from '../errors.ts';
import { prepareSchema } from './schema.ts';

/**
 * What the log may hold before it is brought into the file, which writes blocks that are not full again: with DuckDB's 16 MB
 * that takes as long as everything else. A log of this size is read again in a second or two after a fall.
 */
const CHECKPOINT_AFTER = '128MiB';

/** From this one on DuckDB shortens the texts of a dictionary, too: a tenth of what a flow takes, and less work to find the best form. */
const STORAGE_VERSION = 'v1.5.0';

export interface Opened {
  readonly instance: DuckDBInstance;
  /** Where a damaged file was moved, or null. */
  readonly movedAside: string | null;
}

export interface EngineLimits {
  readonly memoryMiB: number;
  readonly threads: number;
  /** Disk that questions which do not fit into memory may use while they are answered. */
  readonly spillMiB: number;
  /** Of one question. */
  readonly querySeconds: number;
}

/**
 * Opens the file, or moves a damaged one aside and begins anew: flows are worth less than a platform that starts.
 * A file that is in use, unreadable or from a newer version is not damaged, and stays.
 * @throws FlowStoreError `FLOWSTORE_IN_USE`, `FLOWSTORE_NEWER`, `FLOWSTORE_FAILED`
 */
export async function openDatabase(path: string, limits: EngineLimits, now: () => number): Promise<Opened> {
  await mkdir(dirname(path), { recursive: true });
  try {
    return { instance: await open(path, limits), movedAside: null };
  } catch (cause) {
    if (cause instanceof FlowStoreError) throw cause;
    if (classify(cause) !== 'damage') throw engineError(cause);
  }
  const movedAside = await moveAside(path, now());
  return { instance: await open(path, limits), movedAside };
}

async function open(path: string, limits: EngineLimits): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${limits.memoryMiB}MiB`,
    threads: `${limits.threads}`,
    temp_directory: join(dirname(path), 'flows.tmp'),
    max_temp_directory_size: `${limits.spillMiB}MiB`,
    preserve_insertion_order: 'false',
    checkpoint_threshold: CHECKPOINT_AFTER,
    storage_compatibility_version: STORAGE_VERSION,
    // Nothing outside the store is read or fetched, whatever a statement says.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
  });
  try {
    const connection = await instance.connect();
    await prepareSchema(connection);
    connection.disconnectSync();
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** @returns where the file is now, with its log beside it */
export async function moveAside(path: string, nowMs: number): Promise<string> {
  const aside = `${path}.damaged-${new Date(nowMs).toISOString().replaceAll(':', '')}`;
  await rename(path, aside);
  await rename(`${path}.wal`, `${aside}.wal`).catch(() => undefined);
  return aside;
}

/** What DuckDB says of a file that it cannot make sense of (storage/*.cpp, "Serialization" in common/exception.hpp). */
const DAMAGE =
  /corrupt|checksum|not a valid duckdb database file|serialization error|failure while replaying wal|could not read enough bytes|no more data remaining/i;
const NEWER = /newer version|different version|storage version/i;
/** A question was given up, or did not fit into memory and what it may spill. */
const INTERRUPTED = /INTERRUPT Error/;
const TOO_LARGE = /Out of Memory Error/;
/** After a failure in mid-commit (a full disk, say) the engine refuses everything until the file is opened again. */
const GAVE_UP = /database has been invalidated/i;

/** What an engine's error asks for: a new file, opening the same one again, or nothing. */
export function classify(error: unknown): 'damage' | 'gave-up' | 'other' {
  const message = String(error);
  if (GAVE_UP.test(message)) return 'gave-up';
  return DAMAGE.test(message) && !NEWER.test(message) ? 'damage' : 'other';
}

/** Gives an engine's error our code. */
export function engineError(cause: unknown): FlowStoreError {
  const message = String(cause);
  if (/could not set lock/i.test(message)) {
    return new FlowStoreError('FLOWSTORE_IN_USE', 'Another process has the flow store open. Stop it first.', { cause });
  }
  if (NEWER.test(message)) {
    return new FlowStoreError('FLOWSTORE_NEWER', 'The flow store was made by a newer version.', { cause });
  }
  if (INTERRUPTED.test(message)) {
    return new FlowStoreError('FLOWSTORE_TOO_SLOW', 'The question took too long and was given up. Ask for less.', {
      cause,
    });
  }
  if (TOO_LARGE.test(message)) {
    return new FlowStoreError('FLOWSTORE_TOO_LARGE', 'The question needs more memory than it may have. Ask for less.', {
      cause,
    });
  }
  return new FlowStoreError('FLOWSTORE_FAILED', 'The flow store failed; see the cause.', { cause });
}
