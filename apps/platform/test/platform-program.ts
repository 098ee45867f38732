import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Credentials, createRequest, type TestPerson, until } from '../src/testing/index.ts';

/** The platform as a program of its own, with its state in a directory. */
export function platformProgram(dir: string, settings: Readonly<Record<string, string>> = {}) {
  const ports = { http: 0, https: 0 };
  const main = new URL('../src/main.ts', import.meta.url).pathname;
  let child: ChildProcess;
  return {
    here: () => ({
      httpUrl: `http://127.0.0.1:${ports.http}`,
      httpsPort: ports.https,
      // As the program sees it: it may have a disk of its own.
      firstPasswordFile: join(`/proc/${child.pid}/root`, dir, 'state', 'first-password'),
    }),
    pid: () => child.pid!,
    /** Starts it, by way of another program if that is named. */
    async start(before: readonly string[] = []): Promise<void> {
      const flags = {
        'state-dir': join(dir, 'state'),
        'run-dir': join(dir, 'run'),
        'http-port': String(ports.http),
        'https-port': String(ports.https),
        'https-address': '127.0.0.1',
        ...settings,
      };
      const argv = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
      const [program = '', ...words] = [...before, process.execPath, main, 'run', ...argv];
      child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      let log = '';
      child.stdout!.on('data', (chunk) => {
        log += chunk;
      });
      const isReady = () => /^.*the platform is ready.*$/m.exec(log)?.[0] ?? hasEnded(child);
      const line = await until('the platform is ready', isReady, 60_000);
      assert.ok(typeof line === 'string', `it ended: ${log}`);
      ({ http: ports.http, https: ports.https } = JSON.parse(line));
    },
    async kill(): Promise<void> {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    async stop(): Promise<void> {
      if (hasEnded(child)) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await gone, [0, null]);
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

export async function enrolled(person: TestPerson, hostName = 'h1'): Promise<Credentials> {
  const { token } = await person.client.createEnrolment({ body: { hostName } });
  const { csr, key } = await createRequest();
  const joined = await person.client.enrol({ body: { token, csr } });
  return { hostId: joined.hostId, key, cert: joined.certificate, ca: joined.ca };
}
