import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectLibvirt } from '../src/index.ts';
import { makePki } from '../src/testing/certificates.ts';
import { startRealDaemon } from '../src/testing/real-daemon.ts';

const folder = await mkdtemp(join(tmpdir(), 'libvirt-pki-'));
after(() => rm(folder, { recursive: true }));
const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
await Promise.all([makePki(ours), makePki(theirs)]);
const [tls, tcp] = [await freePort(), await freePort()];

const daemon = await startRealDaemon({
  args: ['--listen'],
  config: [
    ...['listen_tls = 1', 'listen_tcp = 1', 'listen_addr = "127.0.0.1"', 'auth_tcp = "none"', 'auth_tls = "none"'],
    ...[`tls_port = "${tls}"`, `tcp_port = "${tcp}"`, 'tls_no_sanity_certificate = 1'],
    ...[`ca_file = "${ours}/cacert.pem"`, `cert_file = "${ours}/servercert.pem"`, `key_file = "${ours}/serverkey.pem"`],
  ],
});
after(() => daemon.stop());

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('TLS with a client certificate', async () => {
  const libvirt = await connectLibvirt(`test+tls://127.0.0.1:${tls}/default?pkipath=${ours}`);
  assert.equal(await libvirt.hypervisorType(), 'TEST');
  assert.equal(await libvirt.isSecure(), true);
  const types = await Promise.all(Array.from({ length: 100 }, () => libvirt.hypervisorType()));
  assert.deepEqual(new Set(types), new Set(['TEST']));
  await libvirt.close();
});

test('a client of another authority is not let in, and lets no foreign server fool it', async () => {
  await assert.rejects(connectLibvirt(`test+tls://127.0.0.1:${tls}/default?pkipath=${theirs}&no_verify=1`), {
    code: 'tls-failed',
  });
  await assert.rejects(connectLibvirt(`test+tls://127.0.0.1:${tls}/default?pkipath=${theirs}`), { code: 'tls-failed' });
  await assert.rejects(connectLibvirt(`test+tls://127.0.0.1:${tls}/default?pkipath=${folder}/none`), {
    code: 'tls-failed',
    message: /cannot be read/,
  });
});

test('TCP without any protection, where the daemon offers it', async () => {
  const libvirt = await connectLibvirt(`test+tcp://127.0.0.1:${tcp}/default`);
  assert.equal(await libvirt.isSecure(), false);
  await libvirt.close();
  await assert.rejects(connectLibvirt(`test+tcp://127.0.0.1:${await freePort()}/default`), { code: 'cannot-connect' });
});
