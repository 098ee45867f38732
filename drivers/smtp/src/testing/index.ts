import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('./aiosmtpd-server.py', import.meta.url));

/** A mail that a server took. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly tls: boolean;
  readonly content: string;
}

/** Debian's aiosmtpd on this machine, of which `hv` with `geheim ü` is an account; its certificate is for localhost. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  /** Of its certificate. */
  readonly ca: string;
  taken(): Promise<TakenMail>;
}

export async function startMailServer(mode: 'starttls' | 'tls' | 'none'): Promise<MailServer> {
  const cwd = await mkdtemp(join(tmpdir(), 'hv-smtp-'));
  const [certificate, key] = ['cert.pem', 'key.pem'];
  const request = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
  ];
  await promisify(execFile)('openssl', request, { cwd });
  const child = spawn('/usr/bin/python3', ['-W', 'ignore', PROGRAM, mode, certificate, key], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  return {
    port: Number(await next()),
    ca: await readFile(join(cwd, certificate), 'utf8'),
    taken: async () => JSON.parse(await next()) as TakenMail,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(cwd, { recursive: true, force: true });
    },
  };
}
