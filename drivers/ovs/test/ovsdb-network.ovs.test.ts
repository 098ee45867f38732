import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectOvsdb } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';
import { createAppctl } from '../src/unixctl/appctl.ts';

const run = promisify(execFile);
const select = { op: 'select', table: 'Open_vSwitch', where: [], columns: ['_uuid'] };

suite('OVSDB over the network', () => {
  let ovs: DummyOvs;
  const file = (name: string): string => path.join(ovs.runDir, name);

  /** Makes the running server listen on a free port of loopback, and says which. */
  const listen = async (kind: 'ptcp' | 'pssl'): Promise<number> => {
    const ports = async () =>
      [...(await readFile(file('ovsdb-server.log'), 'utf8')).matchAll(/listening on port (\d+)/g)].map(
        (found) => found[1],
      );
    const before = (await ports()).length;
    await createAppctl(ovs.runDir, 'ovsdb-server').run('ovsdb-server/add-remote', `${kind}:0:127.0.0.1`);
    // The server answers first and listens afterwards, and writes its log on a thread of its own.
    for (let tries = 0; tries < 400; tries++) {
      const port = (await ports()).at(before);
      if (port) return Number(port);
      await delay(25);
    }
    throw new Error(`ovsdb-server does not say where it listens for ${kind}`);
  };

  before(async () => {
    ovs = await startDummyOvs();
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      '-keyout',
      file('key.pem'),
      '-out',
      file('cert.pem'),
      ...subject,
    ]);
    await ovs.vsctl('set-ssl', file('key.pem'), file('cert.pem'), file('cert.pem'));
  });
  after(async () => void (await ovs?.stop()));

  test('TCP', async () => {
    const ovsdb = await connectOvsdb({ host: '127.0.0.1', port: await listen('ptcp') });
    assert.equal((await ovsdb.transact('Open_vSwitch', [select]))[0]?.rows?.length, 1);
    ovsdb.close();
  });

  test('TLS with certificates on both sides', async () => {
    const [key, cert] = [await readFile(file('key.pem')), await readFile(file('cert.pem'))];
    const port = await listen('pssl');
    const ovsdb = await connectOvsdb({ host: '127.0.0.1', port, tls: { key, cert, ca: cert } });
    assert.equal((await ovsdb.transact('Open_vSwitch', [select]))[0]?.rows?.length, 1);
    ovsdb.close();
    await assert.rejects(connectOvsdb({ host: '127.0.0.1', port, tls: {} }), { code: 'connect-failed' });
  });
});
