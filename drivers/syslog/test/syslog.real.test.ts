import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type SyslogMessage, sendSyslog } from '../src/index.ts';

/** Debian's rsyslogd, which writes what it took as it understood it. */
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

describe('syslog to a real server', { skip: process.env['HV_REAL'] !== '1' }, () => {
  let folder: string;
  let ca: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hv-syslog-'));
    await promisify(execFile)(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...[
          '-subj',
          '/CN=localhost',
          '-addext',
          'subjectAltName=DNS:localhost',
          '-keyout',
          'key.pem',
          '-out',
          'cert.pem',
        ],
      ],
      { cwd: folder },
    );
    ca = await readFile(join(folder, 'cert.pem'), 'utf8');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function readWhen(file: string, isWhole: (text: string) => boolean): Promise<string> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const text = await readFile(join(folder, file), 'utf8').catch(() => '');
      if (isWhole(text)) return text;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${file}: ${text}`);
      await pause(20);
    }
  }

  async function serve(secure: boolean) {
    await rm(join(folder, 'port'), { force: true });
    await rm(join(folder, 'taken'), { force: true });
    await writeFile(join(folder, 'conf'), configOf(folder, secure));
    const child = spawn('/usr/sbin/rsyslogd', ['-n', '-f', join(folder, 'conf'), '-i', join(folder, 'pid')], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const port = Number(await readWhen('port', (text) => /^\d+/.test(text)));
    return {
      connect: async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      },
      async [Symbol.asyncDispose]() {
        child.kill();
        await once(child, 'exit');
      },
    };
  }

  const messageOf = (n: number): SyslogMessage => ({
    ...{ severity: 3, at: new Date('2026-01-31T08:00:05.123Z'), host: 'hv1', app: 'hypervigil', type: 'raised' },
    text: JSON.stringify({ n, vm: '店\n', long: 'x'.repeat(20_000) }),
  });

  for (const secure of [true, false])
    it(`is taken whole, with its header (${secure ? 'TLS' : 'TCP'})`, async () => {
      await using server = await serve(secure);
      const tls = secure ? { host: 'localhost', servername: 'localhost', ca } : null;
      for (const n of [1, 2]) await sendSyslog(await server.connect(), messageOf(n), tls);
      const lines = (
        await readWhen('taken', (text) => text.split('\n').filter((line) => line.includes('hypervigil')).length >= 2)
      ).split('\n');
      const taken = lines
        .filter((line) => line.includes('hypervigil'))
        .map((line) => JSON.parse(line) as Record<string, string>);
      assert.deepEqual(
        taken.map(({ msg }) => JSON.parse(msg!) as object),
        [1, 2].map((n) => JSON.parse(messageOf(n).text) as object),
      );
      const [first] = taken;
      assert.deepEqual(
        [
          first?.['hostname'],
          first?.['programname'],
          first?.['msgid'],
          first?.['syslogseverity'],
          first?.['syslogfacility'],
        ],
        ['hv1', 'hypervigil', 'raised', '3', '10'],
      );
      assert.match(first?.['timereported'] ?? '', /^2026-01-31T/);
    });

  it('goes to nobody whose certificate is not to be trusted', async () => {
    await using server = await serve(true);
    const distrusting = { host: 'localhost', servername: 'localhost' };
    await assert.rejects(sendSyslog(await server.connect(), messageOf(1), distrusting), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });
});
