import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { api, type Client, createClient } from '@hypervigil/contract';
import { CliError } from './errors.ts';

/** Where the platform is, and the session cookie of an earlier `hv login`. Readable by its owner only. */
interface SavedSession {
  readonly url: string;
  readonly ca?: string;
  readonly cookie?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

const sessionFile = () =>
  process.env['HV_SESSION_FILE'] ??
  join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'hypervigil', 'session.json');

function load(): SavedSession | undefined {
  const file = sessionFile();
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SavedSession) : undefined;
}

export function save(session: SavedSession): void {
  const file = sessionFile();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(session), { mode: 0o600 });
  chmodSync(file, 0o600);
}

export function forget(): void {
  rmSync(sessionFile(), { force: true });
}

export interface Connection {
  readonly url: string;
  readonly client: Client;
  /** The cookie that the platform set, if it did. */
  cookie(): string | undefined;
}

/** A client for `--url`, `HV_URL`, the saved session, or the platform of this machine, in that order. */
export function connect(flags: Readonly<Record<string, string>>): Connection & { readonly ca: string | undefined } {
  const saved = load();
  const url = (flags['url'] ?? process.env['HV_URL'] ?? saved?.url ?? DEFAULT_URL).replace(/\/+$/, '');
  const ca = flags['ca'] ?? process.env['HV_CA'] ?? saved?.ca;
  if (ca !== undefined) setDefaultCACertificates([...getCACertificates(), readFileSync(ca, 'utf8')]);
  let cookie = saved?.url === url ? saved.cookie : undefined;
  const client = createClient(api, async (path, init) => {
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === undefined ? {} : { cookie }) };
    const response = await fetch(url + path, { ...init, headers }).catch((cause: unknown) => {
      throw new CliError('unreachable', { url, reason: reasonOf(cause) }, { cause });
    });
    const set = response.headers.getSetCookie().find((c) => c.startsWith('hv_session='));
    if (set !== undefined) cookie = set.split(';')[0];
    return response;
  });
  return { url, ca, client, cookie: () => cookie };
}

function reasonOf(cause: unknown): string {
  const inner = (cause as Error).cause;
  return inner instanceof Error
    ? inner.message || String((inner as NodeJS.ErrnoException).code)
    : (cause as Error).message;
}
