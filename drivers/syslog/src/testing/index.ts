import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What rsyslogd understood of a message. */
export type TakenSyslog = Readonly<Record<string, string>>;

/** Debian's rsyslogd on this machine; its certificate is for localhost. */
export interface SyslogServer extends AsyncDisposable {
  readonly port: number;
  /** Of its certificate. */
  readonly ca: string;
  /** Waits until it has taken so many messages of ours. */
  taken(count: number): Promise<TakenSyslog[]>;
}

const configOf = (folder: string, secure: boolean): string => `
global(workDirectory="${folder}" maxMessageSize="64k" ${
  secure
    ? `defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${folder}/cert.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem" defaultNetstreamDriverKeyFile="${folder}/key.pem"`
    : ''
})
module(load="imtcp" ${secure ? 'streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon"' : ''})
template(name="all" type="string" string="%jsonmesg%\\n")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${folder}/port")
action(type="omfile" file="${folder}/taken" template="all")
`;

export async function startSyslogServer(secure: boolean): Promise<SyslogServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-syslog-'));
  const request = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem'],
  ];
  await promisify(execFile)('openssl', request, { cwd: folder });
  await writeFile(join(folder, 'conf'), configOf(folder, secure));
  const child = spawn('/usr/sbin/rsyslogd', ['-n', '-f', join(folder, 'conf'), '-i', join(folder, 'pid')], {
    stdio: 'ignore',
  });
  async function readWhen<T>(file: string, read: (text: string) => T | undefined): Promise<T> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const text = await readFile(join(folder, file), 'utf8').catch(() => '');
      const found = read(text);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${file}: ${text}`);
      await pause(20);
    }
  }
  const oursIn = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as TakenSyslog)
      .filter(({ programname }) => programname === 'hypervigil');
  return {
    port: await readWhen('port', (text) => Number(/^\d+/.exec(text)?.[0]) || undefined),
    ca: await readFile(join(folder, 'cert.pem'), 'utf8'),
    taken: (count) => readWhen('taken', (text) => (oursIn(text).length >= count ? oursIn(text) : undefined)),
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
