import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Reader, type Response } from 'mmdb-lib';
import { type Origin, originIn } from './origin.ts';

/** A file that cannot be read, or is none of the format. */
export class MmdbError extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path} is no MMDB file that can be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.path = path;
  }
}

/** Where addresses are, by files in memory: a question waits for nothing. */
export interface Origins {
  /** Of what is no address, nothing. What one file does not say, the next may. */
  of(ip: string): Origin;
  /** Whose an autonomous system is, of those of addresses that were asked for. */
  organisationOf(asn: number): string | undefined;
  /**
   * Reads files anew that have changed. One that cannot be read keeps what it said before.
   * @returns what could not be read
   */
  refresh(): Promise<readonly MmdbError[]>;
}

interface Opened {
  readonly path: string;
  readonly reader: Reader<Response>;
  readonly changedMs: number;
}

const NOWHERE: Origin = Object.freeze({});
/** Addresses whose answer is held: a lookup in a file takes microseconds, and the same address comes again. */
const MAX_HELD = 65_536;

/**
 * Opens files of MaxMind's format (MaxMind DB File Format Specification, 2.0), wherever they are from.
 * @throws MmdbError
 */
export async function openOrigins(paths: readonly string[]): Promise<Origins> {
  let files = await Promise.all(paths.map(open));
  const held = new Map<string, Origin>();
  /** No more than the files have. */
  const organisations = new Map<number, string>();

  function look(ip: string): Origin {
    if (isIP(ip) === 0) return NOWHERE;
    let found: Origin = NOWHERE;
    for (const { reader } of files) found = { ...originIn(lookedUp(reader, ip)), ...found };
    return found;
  }

  return {
    of(ip) {
      if (files.length === 0) return NOWHERE;
      const known = held.get(ip);
      if (known !== undefined) return known;
      // All at once: to forget the oldest costs more than to look a few up again.
      if (held.size >= MAX_HELD) held.clear();
      const found = look(ip);
      held.set(ip, found);
      if (found.asn !== undefined && found.organisation !== undefined) organisations.set(found.asn, found.organisation);
      return found;
    },
    organisationOf: (asn) => organisations.get(asn),
    async refresh() {
      const failures: MmdbError[] = [];
      const now = await Promise.all(
        files.map(async (file) => {
          try {
            return (await stat(file.path)).mtimeMs === file.changedMs ? file : await open(file.path);
          } catch (error) {
            failures.push(error instanceof MmdbError ? error : new MmdbError(file.path, error));
            return file;
          }
        }),
      );
      if (now.some((file, n) => file !== files[n])) held.clear();
      files = now;
      return failures;
    },
  };
}

async function open(path: string): Promise<Opened> {
  try {
    const { mtimeMs } = await stat(path);
    const reader = new Reader<Response>(await readFile(path));
    lookedUp(reader, '0.0.0.0');
    return { path, reader, changedMs: mtimeMs };
  } catch (error) {
    throw new MmdbError(path, error);
  }
}

/** A file for IPv4 alone is asked for IPv6 in vain; one that is damaged there, likewise. */
function lookedUp(reader: Reader<Response>, ip: string): unknown {
  if (reader.metadata.ipVersion === 4 && ip.includes(':')) return null;
  try {
    return reader.get(ip);
  } catch {
    return null;
  }
}
