import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { CHANNEL_MAX_BYTES, type EngineMessage, type PlatformMessage } from '@hypervigil/contract';
import fc from 'fast-check';
import { type Channel, openChannel, type Welcome } from '../src/channel/client.ts';
import { loadIdentity, renewalTime, saveIdentity } from '../src/enrolment/identity.ts';
import { join } from '../src/enrolment/join.ts';
import { keepRenewed } from '../src/enrolment/renewal.ts';
import { type FakePlatform, HOST_ID, startFakePlatform, TOKEN } from '../src/testing/fake-platform.ts';
import { silentLog } from '../src/testing/silent-log.ts';
import { until } from '../src/testing/until.ts';

const hello: EngineMessage = {
  type: 'hello',
  facts: {
    hostname: 'h',
    arch: 'x86_64',
    cpus: 1,
    memoryMiB: 1,
    kernel: '6',
    libvirt: '9',
    hypervisor: 'QEMU',
    ovs: null,
    engine: '0',
  },
  intentRevision: 0,
  policyRevision: 0,
  processId: 'b',
  sentAt: new Date(0).toISOString(),
};

suite('a host joins', () => {
  let platform: FakePlatform;
  let stateDir: string;
  before(async () => {
    platform = await startFakePlatform();
    stateDir = await mkdtemp('/tmp/hv-join-');
  });
  after(async () => {
    await platform?.stop();
    await rm(stateDir, { recursive: true, force: true });
  });
  const joinWith = (more: { token?: string; caFingerprint?: string; stateDir?: string } = {}) =>
    join({ platform: platform.url, token: TOKEN, caFingerprint: platform.authority.fingerprint, stateDir, ...more });

  test('not where somebody else shows another authority: the token is not even sent', async () => {
    await assert.rejects(joinWith({ caFingerprint: '00'.repeat(32) }), { code: 'fingerprint-mismatch' });
    assert.equal(await loadIdentity(stateDir), undefined);
  });

  test('not with a wrong token', async () => {
    await assert.rejects(joinWith({ token: 'a token that nobody gave' }), {
      code: 'enrolment-refused',
      message: /token-invalid/,
    });
  });

  test('with the token: key and certificate lie where only root reads them', async () => {
    const identity = await joinWith();
    assert.equal(identity.hostId, HOST_ID);
    assert.deepEqual(await loadIdentity(stateDir), identity);
    assert.equal((await stat(path.join(stateDir, 'identity.json'))).mode & 0o777, 0o600);
    const certificate = new X509Certificate(identity.certificate);
    assert(certificate.verify(new X509Certificate(identity.ca).publicKey));
  });

  test('once only', async () => {
    await assert.rejects(joinWith(), { code: 'already-enrolled' });
    await assert.rejects(joinWith({ stateDir: path.join(stateDir, 'other') }), { message: /token-used/ });
  });

  test('a damaged identity is not taken for none', async () => {
    const other = path.join(stateDir, 'damaged');
    const identity = await loadIdentity(stateDir);
    assert(identity);
    await saveIdentity(other, { ...identity, hostId: 'nobody' });
    await assert.rejects(loadIdentity(other), { code: 'bad-identity' });
  });

  test('a certificate is renewed, with a new key, when two thirds of its life are over', async () => {
    const identity = await loadIdentity(stateDir);
    assert(identity);
    const due = renewalTime(identity.certificate);
    const holder = keepRenewed(identity, { stateDir, log: silentLog, now: () => due + 1 });
    await until(() => holder.current().key !== identity.key);
    holder.stop();
    await until(async () =>
      (await readFile(path.join(stateDir, 'identity.json'), 'utf8')).includes(JSON.stringify(holder.current().key)),
    );
    assert.notEqual(holder.current().certificate, identity.certificate);
  });
});

suite('the channel', () => {
  let platform: FakePlatform;
  let stateDir: string;
  let channel: Channel;
  const welcomes: Welcome[] = [];
  const times: number[] = [];
  const received: PlatformMessage[] = [];

  before(async () => {
    platform = await startFakePlatform();
    stateDir = await mkdtemp('/tmp/hv-channel-');
    const { url, authority } = platform;
    const identity = await join({ platform: url, token: TOKEN, caFingerprint: authority.fingerprint, stateDir });
    channel = openChannel({
      identity: () => identity,
      hello: () => hello,
      onWelcome: (welcome) => welcomes.push(welcome),
      onTime: (time) => times.push(time),
      onMessage: (message) => received.push(message),
      log: silentLog,
      random: () => 0.5,
      firstWaitMs: 5,
      maxWaitMs: 20,
      refusedWaitMs: 40,
    });
    await until(() => channel.connected());
  });
  after(async () => {
    await channel?.stop();
    await platform?.stop();
    await rm(stateDir, { recursive: true, force: true });
  });
  const reconnects = async (cut: () => unknown): Promise<void> => {
    const known = welcomes.length;
    await cut();
    await until(() => welcomes.length > known && channel.connected());
  };

  test('greets first, and is welcomed with the platform’s time', () => {
    assert.deepEqual(platform.heard[0], hello);
    const [{ hostId, platformTime, roundTripMs } = { hostId: '', platformTime: 0, roundTripMs: -1 }] = welcomes;
    assert.equal(hostId, HOST_ID);
    assert(Math.abs(platformTime - Date.now()) < 60_000 && roundTripMs >= 0);
  });

  test('hears the platform’s clock in its pings, and takes no other ping for one', async () => {
    for (const data of ['', '-1', '99999999999999999999', 'now', '1800000000000']) platform.ping(data);
    await until(() => times.length > 0);
    assert.deepEqual(times, [1_800_000_000_000]);
  });

  test('messages pass both ways', async () => {
    assert(channel.send({ type: 'intent.wanted', have: 5 }));
    await platform.waitFor('intent.wanted', ({ have }) => have === 5);
    platform.send({ type: 'sync' });
    await until(() => received.some(({ type }) => type === 'sync'));
  });

  test('a session that is cut is opened again, and begins with the greeting', async () => {
    const since = platform.heard.length;
    await reconnects(platform.cut);
    assert.equal(platform.heard[since]?.type, 'hello');
  });

  test('while the platform is away nothing is kept, and nothing breaks', async () => {
    await platform.away();
    await until(() => !channel.connected());
    assert.equal(channel.send({ type: 'intent.wanted', have: 1 }), false);
    await reconnects(platform.back);
  });

  for (const [name, frame] of [
    ['that is no JSON', '{"type":'],
    ['of an unknown type', '{"type":"launch"}'],
    ['with a field of the wrong type', '{"type":"flows.stored","batch":7}'],
    ['in binary', Buffer.from([0, 1, 2])],
    ['with an intent that is none', '{"type":"intent","intent":{"revision":1}}'],
  ] as const) {
    test(`a frame ${name} ends the session, not the engine`, async () => {
      const known = received.length;
      await reconnects(() => platform.sendRaw(frame));
      assert.equal(received.length, known);
    });
  }

  test('random frames never do more than end a session', async () => {
    const runs = Math.min(100, Number(process.env['HV_FUZZ'] ?? 20_000) / 200);
    const known = received.length;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), (frame) => reconnects(() => platform.sendRaw(frame))),
      { numRuns: runs },
    );
    assert.equal(received.length, known);
  });

  test('a frame beyond the limit is not read', async () => {
    const known = received.length;
    await reconnects(() => platform.sendRaw(Buffer.alloc(CHANNEL_MAX_BYTES + 1, 0x20)));
    assert.equal(received.length, known);
  });

  test('a refused certificate is tried again: the revocation may have been a mistake', async () => {
    platform.behaviour.refuse = true;
    platform.cut();
    await until(() => !channel.connected());
    platform.behaviour.refuse = false;
    await until(() => channel.connected());
  });

  test('everything that was sent keeps the contract', () => assert.deepEqual(platform.violations, []));
});
