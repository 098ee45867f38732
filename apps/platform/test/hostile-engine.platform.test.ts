import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CHANNEL_MAX_BYTES, type EngineMessage, MAX_VMS } from '@hypervigil/contract';
import fc from 'fast-check';
import type { RunningPlatform } from '../src/index.ts';
import {
  type Credentials,
  connectEngine,
  enrol,
  FACTS,
  observedVm,
  openSocket,
  query,
  startTestCloud,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';

/** Most frames cost the platform a transaction, so there are fewer than of inputs that only a decoder sees. */
const FRAMES = Number(process.env['HV_FUZZ'] ?? 20_000) / 40;

const NOBODY = '00000000-0000-4000-8000-00000000dead';
const VICTIM = observedVm(900);
const SENT_AT = '2026-01-01T00:00:00.000Z';
const HELLO: EngineMessage = {
  type: 'hello',
  facts: FACTS,
  intentRevision: 0,
  policyRevision: 0,
  processId: 'hostile',
  sentAt: SENT_AT,
};

/** Mostly what fits, so that a message gets past the schema; now and then a value at or over an edge. */
const rarely = <T, U>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: odd });
const whole = rarely(
  fc.nat({ max: 1000 }),
  fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(2 ** 31, 2 ** 63)),
);
const text = rarely(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.constantFrom('', '\0', '\ud800', '__proto__', 'x'.repeat(300)),
);
const id = rarely(fc.constantFrom(NOBODY, ...[1, 2, 3].map((n) => observedVm(n).id)), text);
const ip = rarely(fc.ipV4(), text);
const of = <const T>(value: T) => fc.constant(value);

const vm = fc
  .record({ n: fc.integer({ min: 1, max: 30 }), name: text, many: whole, incoming: fc.boolean(), network: text })
  .map(({ n, name, many, incoming, network }) => {
    const base = observedVm(n);
    const vnics = base.vnics.map((vnic) => ({ ...vnic, ofport: many, claims: { ...vnic.claims, network } }));
    // It may name the other host's vNIC, though not its VM: a VM belongs to whichever host began to run it last.
    const stolen = n === 7 ? vnics.map((vnic) => ({ ...vnic, id: VICTIM.vnics[0]!.id })) : vnics;
    return { ...base, name, vcpus: many, memoryMiB: many, incoming, vnics: stolen };
  });
const flow = fc.record({
  key: text,
  point: fc.constantFrom('egress', 'ingress'),
  net: whole,
  protocol: of(6),
  srcIp: ip,
  dstIp: ip,
  srcPort: whole,
  dstPort: whole,
  srcMac: of(null),
  dstMac: of(null),
  icmpType: of(null),
  icmpCode: of(null),
  verdict: fc.constantFrom('allow', 'deny'),
  rule: whole,
  revision: whole,
  bytes: whole,
  packets: whole,
  replyBytes: whole,
  replyPackets: whole,
  tcpFlags: whole,
  startMs: whole,
  endMs: whole,
});
const message = rarely(
  fc.oneof(
    fc.record({ type: of('facts'), facts: fc.record(facts()) }),
    fc.record({
      type: of('inventory'),
      reason: of('start'),
      vms: fc.array(vm, { maxLength: 5 }),
      drift: fc.array(text),
    }),
    fc.record({ type: of('vm'), vm }),
    fc.record({ type: of('vm.gone'), id }),
    fc.record({
      type: of('applied'),
      revision: whole,
      policyRevision: whole,
      error: fc.option(text),
      flows: whole,
      tookMs: whole,
    }),
    fc.record({ type: of('intent.wanted'), have: whole }),
    fc.record({ type: of('flows'), batch: text, records: fc.array(flow, { maxLength: 3 }), lost: whole }),
    fc.record({ type: of('health'), items: fc.array(health(), { maxLength: 3 }), sentAt: of(SENT_AT) }),
    fc.record({
      type: of('task'),
      id,
      state: of('done'),
      progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      error: of(null),
    }),
  ),
  of(HELLO),
);
function facts() {
  return {
    ...Object.fromEntries(Object.entries(FACTS).map(([key, value]) => [key, of(value)])),
    kernel: text,
    cpus: whole,
  };
}
function health() {
  return fc.record({ name: fc.constantFrom('ovs', 'disk'), ok: fc.boolean(), code: text, params: of({}) });
}
const without = (json: string, at: number) => json.slice(0, at % json.length) + json.slice((at % json.length) + 1);
const anything = fc.oneof(
  fc.json(),
  fc.uint8Array({ maxLength: 100 }),
  fc.tuple(message, fc.nat()).map(([one, at]) => without(JSON.stringify(one), at)),
);
const burst = fc.array(
  rarely(
    message.map((one) => JSON.stringify(one)),
    anything,
  ),
  { minLength: 1, maxLength: 40 },
);

describe('an enrolled engine that is hostile', () => {
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  let databaseUrl: string;
  let hostile: Credentials;
  let honest: TestEngine;
  let honestHost: string;
  before(async () => {
    ({ platform, person, stop, databaseUrl } = await startTestCloud('hostile'));
    hostile = await enrol(platform, person, 'hostile');
    const credentials = await enrol(platform, person, 'honest');
    honestHost = credentials.hostId;
    honest = await connectEngine(platform, credentials, { obedient: true });
    honest.send({ type: 'inventory', reason: 'start', vms: [VICTIM], drift: [] });
    await until('its VM', () => person.client.getVm({ params: { id: VICTIM.id } }));
  });
  after(async () => {
    honest.close();
    await stop();
  });

  /** The honest engine is heard and answered on its old channel, and has what it had. */
  async function othersAreWell(): Promise<void> {
    const from = honest.received.length;
    honest.send({ type: 'flows', batch: `well ${from}`, records: [], names: [], lost: 0 });
    await honest.expect('flows.stored', from);
    const { hostId, state, name, vnics } = await person.client.getVm({ params: { id: VICTIM.id } });
    assert.deepEqual([hostId, state, name, vnics[0]?.mac], [honestHost, 'running', VICTIM.name, VICTIM.vnics[0]!.mac]);
    assert.equal((await person.client.getHost({ params: { id: honestHost } })).state, 'online');
  }

  it('says what it likes in any order: it is cut off or not believed, and nobody else notices', async (t) => {
    const ends = { heard: 0, cut: 0 };
    let engine: TestEngine | undefined;
    let sent = 0;
    for (let n = 0; sent < FRAMES; n += 1) {
      if (engine === undefined || engine.closeCode() !== undefined) {
        engine = await openSocket(platform, hostile);
        // Now and then it does not greet.
        if (n % 16 > 0) engine.send(HELLO);
      }
      const { socket, received, closeCode } = engine;
      const frames = fc.sample(burst, 1)[0]!;
      for (const one of frames) socket.send(one, { binary: typeof one !== 'string' });
      sent += frames.length;
      const from = received.length;
      engine.send({ type: 'flows', batch: `after burst ${n}`, records: [], names: [], lost: 0 });
      const heard = () => received.slice(from).some((m) => m.type === 'flows.stored' && m.batch === `after burst ${n}`);
      await until('the burst was taken in, or was too much', () => heard() || closeCode() !== undefined);
      ends[closeCode() === undefined ? 'heard' : 'cut'] += 1;
      if (n % 100 === 0) await othersAreWell();
    }
    engine?.close();
    await othersAreWell();
    t.diagnostic(
      `${sent} frames; bursts: ${JSON.stringify(ends)}; ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
    );
    assert.ok(ends.heard > 0 && ends.cut > 0, JSON.stringify(ends));
  });

  it('sends a frame that is small on the wire and too big when it is inflated', async () => {
    const engine = await openSocket(platform, hostile);
    engine.socket.send(' '.repeat(CHANNEL_MAX_BYTES + 1));
    assert.equal(await engine.closed(), 1009, 'message too big (RFC 6455, 7.4.1)');
    await othersAreWell();
  });

  it('names ever new VMs', async () => {
    const ofHost = `insert into sightings (vm_id, host_id, observed) select gen_random_uuid(), $1, '{}' from generate_series(1, $2)`;
    await query(databaseUrl, ofHost, [hostile.hostId, MAX_VMS]);
    const engine = await openSocket(platform, hostile);
    engine.send(HELLO);
    engine.send({ type: 'vm', vm: observedVm(1000) });
    assert.equal(await engine.closed(), 4000);
    await assert.rejects(person.client.getVm({ params: { id: observedVm(1000).id } }), { status: 404 });
    await othersAreWell();
  });
});
