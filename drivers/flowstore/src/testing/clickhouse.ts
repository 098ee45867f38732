import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const PROGRAM = '/usr/sbin/clickhouse-server';

/** Why there is none here; false where there is one. */
export const WITHOUT_CLICKHOUSE: string | false =
  !existsSync(PROGRAM) && `${PROGRAM} is not installed (apt-get install clickhouse-server)`;

/** Debian's ClickHouse on this machine, with data of its own; its certificate is for localhost. */
export interface ClickHouse extends AsyncDisposable {
  /** A database of the server's that nobody else uses. */
  database(): string;
  /** The same over TLS, for the user `flows` with a password. */
  secureDatabase(): string;
  readonly password: string;
  readonly ca: string;
  /** The answer to a statement, as text. */
  ask(sql: string): Promise<string>;
  kill(): Promise<void>;
  start(): Promise<void>;
}

const configOf = (folder: string, http: number, https: number): string => `<yandex>
<logger><level>warning</level><console>1</console></logger>
<listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><https_port>${https}</https_port>
<openSSL><server><certificateFile>${folder}/cert.pem</certificateFile><privateKeyFile>${folder}/key.pem</privateKeyFile>
<verificationMode>none</verificationMode><loadDefaultCAFile>false</loadDefaultCAFile></server></openSSL>
<path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><user_files_path>${folder}/files/</user_files_path>
<format_schema_path>${folder}/files/</format_schema_path><mark_cache_size>67108864</mark_cache_size><timezone>UTC</timezone>
<users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
</yandex>`;

const userOf = (name: string, password: string): string =>
  `<${name}><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></${name}>`;

const usersOf = (
  password: string,
): string => `<yandex><profiles><default></default></profiles><quotas><default></default></quotas>
<users>${userOf('default', '')}${userOf('flows', password)}</users></yandex>`;

/** Two ports that were free just now: the server does not say which it took. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return (server.address() as { port: number }).port;
    }),
  );
  for (const server of servers) server.close();
  return [ports[0]!, ports[1]!];
}

export async function startClickHouse(): Promise<ClickHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-clickhouse-'));
  await chmod(folder, 0o700);
  for (const name of ['data', 'tmp', 'files']) await mkdir(join(folder, name));
  const request = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem'],
  ];
  await promisify(execFile)('openssl', request, { cwd: folder });
  const password = randomBytes(12).toString('hex');
  const [http, https] = await freePorts();
  await writeFile(join(folder, 'config.xml'), configOf(folder, http, https));
  await writeFile(join(folder, 'users.xml'), usersOf(password));
  let child: ChildProcess;
  let databases = 0;

  async function start(): Promise<void> {
    child = spawn(PROGRAM, [`--config-file=${folder}/config.xml`], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr!.on('data', (part: Buffer) => {
      log = (log + part.toString()).slice(-5000);
    });
    for (const until = Date.now() + 60_000; ; await pause(50)) {
      const answer = await fetch(`http://127.0.0.1:${http}/ping`).catch(() => null);
      if (answer?.ok === true) return;
      if (child.exitCode !== null || Date.now() > until) throw new Error(`ClickHouse did not start: ${log}`);
    }
  }

  async function kill(): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  const name = () => `flows_${++databases}_${randomBytes(3).toString('hex')}`;
  await start();
  return {
    database: () => `http://127.0.0.1:${http}/${name()}`,
    secureDatabase: () => `https://localhost:${https}/${name()}`,
    password,
    ca: await readFile(join(folder, 'cert.pem'), 'utf8'),
    async ask(sql) {
      return (await fetch(`http://127.0.0.1:${http}/`, { method: 'POST', body: sql })).text();
    },
    kill,
    start,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
