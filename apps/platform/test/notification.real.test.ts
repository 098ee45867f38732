import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FlowRecord } from '@hypervigil/contract';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import { connectEngine, observedVm, PASSWORD, personWith, signIn, signInFirst, until } from '../src/testing/index.ts';
import { enrolled, platformProgram } from './platform-program.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { claimed, inventory } from './two-hosts.ts';

describe('a platform that is killed while it tells of an alert', () => {
  let dir: string;
  let platform: ReturnType<typeof platformProgram>;
  let receiver: Receiver;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hv-'));
    await chmod(dir, 0o711);
    receiver = await startReceiver();
    platform = platformProgram(dir, { 'notification-networks': '127.0.0.0/8', 'create-from-claims': 'true' });
    await platform.start();
  });
  after(async () => {
    await platform.stop();
    await receiver.close();
    await rm(dir, { recursive: true, force: true });
  });

  const addressOf = (n: number) => observedVm(n).vnics[0]!.claims.ipv4[0]!;
  const denied = (net: number, n: number): FlowRecord => ({
    ...{ key: `scan-${n}`, point: 'egress', net, protocol: 6, srcIp: addressOf(1), dstIp: addressOf(2) },
    ...{ srcPort: 40_000 + n, dstPort: 1000 + n, srcMac: null, dstMac: null, icmpType: null, icmpCode: null },
    ...{ pending: null, inspection: null, verdict: 'deny', rule: SYNTHETIC_RULES['default-deny'], revision: 0 },
    ...{ tcpFlags: 0, bytes: 60, packets: 1, replyBytes: 0, replyPackets: 0, startMs: Date.now(), endMs: Date.now() },
  });

  it('tells of it after it is back, as the same message', async () => {
    const { here } = platform;
    const person = await signInFirst(here());
    // Whoever gets the message says nothing: it is under way when the platform falls.
    receiver.answer = () => undefined;
    const { id } = await person.client.createNotificationRoute({
      body: {
        ...{ name: 'soc', target: { kind: 'webhook' }, match: { leastSeverity: 'low' } },
        secrets: { url: `${receiver.url}/hook`, key: 'a key of ours' },
      },
    });
    const engine = await connectEngine(here(), await enrolled(person), { obedient: true });
    engine.send(inventory(claimed(1, 'acme'), claimed(2, 'acme')));
    const net = await until('the network', async () => {
      const { items } = await person.client.listNetworks({ query: {} });
      return (await person.client.listVms({ query: {} })).total === 2 ? items[0]?.num : null;
    });
    const records = Array.from({ length: 30 }, (_, n) => denied(net, n));
    engine.send({ type: 'flows', batch: 'a scan', records, names: [], lost: 0 });
    const [first] = await until('the message is under way', () =>
      receiver.received.length > 0 ? receiver.received : null,
    );
    await platform.kill();
    receiver.answer = () => [200, 'ok'];
    await platform.start();
    const again = personWith(here(), await signIn(here(), 'admin', PASSWORD));
    // Until the lease of the process that was killed is over.
    const sent = await until(
      'the message arrives',
      async () => {
        const { items } = await again.client.listNotificationDeliveries({ query: { routeId: id, state: 'sent' } });
        return items.find(({ id }) => id === first!.headers['idempotency-key']);
      },
      120_000,
    );
    assert.equal(receiver.received.at(-1)?.headers['idempotency-key'], sent.id);
    assert.equal(receiver.received.at(-1)?.body, first!.body);
    assert.equal((await again.client.getNotificationRoute({ params: { id } })).state.waiting, 0);
  });
});
