import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HOST_SERVICES, type HostFirewallPolicy, type HostServiceName, type Service } from '@hypervigil/model';
import { type Call, createTwoHosts, type TwoHosts } from '@hypervigil/nftables/testing';
import fc from 'fast-check';
import { evaluate, removeRuleset, TABLE } from '../src/index.ts';
import { PEERS, PORTS, policies, policyOf, ruleOf } from '../src/testing/policies.ts';
import { type Filter, filterOf, until } from './filter.ts';

const names = Object.keys(HOST_SERVICES) as HostServiceName[];
const withPorts = (service: Service): service is Extract<Service, { protocol: 'tcp' | 'udp' }> =>
  service.protocol === 'tcp' || service.protocol === 'udp';
/** The first and the last port of a service, for each protocol. */
const callsTo = (name: HostServiceName): Pick<Call, 'protocol' | 'port'>[] =>
  (HOST_SERVICES[name] as readonly Service[]).filter(withPorts).flatMap(({ protocol, ports }) => {
    const numbers = ports.flatMap((range) => range.split('-').map(Number));
    return [...new Set([numbers[0]!, numbers.at(-1)!])].map((port) => ({ protocol, port }));
  });

describe('the packet filter of a host', () => {
  let hosts: TwoHosts;
  let filter: Filter;
  before(async () => {
    hosts = await createTwoHosts('hvhf');
    filter = filterOf(hosts);
  });
  after(() => hosts[Symbol.asyncDispose]());

  /** Calls from the far host into the near one, or from the near host out; what decided, and whether it got through. */
  const call = async (
    policy: HostFirewallPolicy,
    direction: 'in' | 'out',
    peer: string,
    rest: Pick<Call, 'protocol' | 'port'>,
  ) => {
    const { near, far } = hosts;
    await filter.set({ kept: policy });
    const own = peer.includes(':') ? near.ipv6 : near.ipv4;
    const calling =
      direction === 'in' ? far.caller.call({ ...rest, from: peer, to: own }) : near.caller.call({ ...rest, to: peer });
    const by = await filter.decided(policy, calling);
    return { by, calling };
  };

  test('each service of the catalogue is opened and closed, in and out, by IPv4 and IPv6', async () => {
    for (const name of names) {
      for (const target of callsTo(name)) {
        for (const direction of ['in', 'out'] as const) {
          for (const peer of ['10.0.0.1', 'fd00::1']) {
            const what = `${name} ${target.protocol} ${target.port} ${direction} ${peer}`;
            const open = await call(policyOf({ rules: [ruleOf(direction, [name])] }), direction, peer, target);
            assert.deepEqual(open.by, [0], `${what} open`);
            await until(async () => open.calling.isOver(), `${what}: the answer`);
            const shut = await call(
              policyOf({ inbound: 'allow', outbound: 'allow', rules: [ruleOf(direction, [name], { action: 'deny' })] }),
              direction,
              peer,
              target,
            );
            assert.deepEqual([shut.by, shut.calling.isOver()], [[0], false], `${what} shut`);
            shut.calling.cancel();
          }
        }
      }
    }
  });

  test('ping is opened and closed; neighbours that were forgotten are found again even when everything is denied', async () => {
    const { near, far } = hosts;
    const ping = (to: string, seconds: number) =>
      far.run('busybox', 'ping', '-c', '1', '-W', `${seconds}`, to).then(
        () => true,
        () => false,
      );
    const shut = policyOf();
    for (const to of [near.ipv4, near.ipv6]) {
      await filter.set({ kept: shut });
      await far.run('ip', 'neigh', 'flush', 'dev', 'cable');
      assert.ok(!(await ping(to, 1)), `${to} without a rule`);
      assert.deepEqual(await filter.deciders(shut), ['inbound'], 'it came as far as the default');
      await filter.set({ kept: policyOf({ rules: [ruleOf('in', ['ping'])] }) });
      assert.ok(await ping(to, 20), `${to} with a rule`);
    }
  });

  test('random policies decide about real packets as the evaluator says, by the same rule', async () => {
    const packets = fc.record({
      direction: fc.constantFrom('in' as const, 'out' as const),
      peer: fc.constantFrom(...PEERS),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      port: fc.constantFrom(...PORTS),
    });
    // A smaller example is not worth the half minute that each failure waits.
    const runs = { numRuns: Number(process.env['HV_ORACLE'] ?? 150), endOnFailure: true };
    await fc.assert(
      fc.asyncProperty(policies, packets, async (policy, { direction, peer, protocol, port }) => {
        const expected = evaluate(policy, {
          direction,
          loopback: false,
          reply: false,
          peer,
          protocol: protocol === 'tcp' ? 6 : 17,
          sourcePort: 50_000,
          port,
          icmp: null,
        });
        const { by, calling } = await call(policy, direction, peer, { protocol, port });
        assert.deepEqual(by, [expected.by === 'default' ? `${direction}bound` : expected.by]);
        if (expected.verdict === 'accept') await until(async () => calling.isOver(), 'an answer to what is allowed');
        else assert.ok(!calling.isOver(), 'what is denied got an answer');
        calling.cancel();
      }),
      runs,
    );
  });

  test('replacing the rules under traffic loses nothing that both allow', async () => {
    const { near, far } = hosts;
    const rules = [ruleOf('in', ['ssh'])];
    await filter.set({ kept: policyOf({ rules }) });
    await near.caller.listen('udp', 2222);
    await near.caller.listen('tcp', 22);
    const session = await far.caller.connect(near.ipv4, 22);
    const udp = [...rules, ruleOf('in', [{ protocol: 'udp', ports: ['2222'] }])];
    await filter.set({ kept: policyOf({ rules: udp }) });
    let over = false;
    const lost: Promise<number> = (async () => {
      // UDP is not sent again: an answer to each datagram shows that none was dropped on its way.
      for (let sent = 0; ; sent++) {
        if (over) return sent;
        await far.caller.call({ protocol: 'udp', to: near.ipv4, port: 2222 }).outcome();
        await session.exchange().outcome();
      }
    })();
    for (let i = 0; i < 100; i++) {
      const more = Array.from({ length: i % 7 }, () => ruleOf('in', ['displays']));
      await filter.set({ kept: policyOf({ rules: [...more, ...udp] }) });
    }
    over = true;
    assert.ok((await lost) > 50);
    assert.equal((await filter.nft.list(TABLE))?.counters.get('kept_inbound')?.packets, 0);
  });

  test('a connection ends with the rule that allowed it, and goes on when the rule is back', async () => {
    const { near, far } = hosts;
    const open = policyOf({ rules: [ruleOf('in', [{ protocol: 'tcp', ports: ['2022'] }])] });
    await filter.set({ kept: open });
    await near.caller.listen('tcp', 2022);
    const session = await far.caller.connect(near.ipv4, 2022);
    await session.exchange().outcome();
    const shut = policyOf();
    await filter.set({ kept: shut });
    const cut = session.exchange();
    assert.deepEqual(await filter.decided(shut, cut), ['inbound']);
    assert.ok(!cut.isOver());
    await filter.set({ kept: open });
    // TCP sends it again.
    assert.equal(await cut.outcome(), 'answered');
  });

  test("an operator's access is back when the trial ends, though every process that began it is gone", async () => {
    const { near, far } = hosts;
    const kept = policyOf({ rules: [ruleOf('in', [{ protocol: 'tcp', ports: ['2023'] }])] });
    await filter.set({ kept });
    await near.caller.listen('tcp', 2023);
    const session = await far.caller.connect(near.ipv4, 2023);
    await session.exchange().outcome();
    await filter.set({ kept, trial: { policy: policyOf(), seconds: 2 } });
    const cut = session.exchange();
    // nft ended with the transaction: nothing but the kernel knows of the trial now.
    await until(async () => (await filter.deciders(policyOf(), 'trial')).length > 0, 'the trial cuts the session');
    assert.equal(await cut.outcome(), 'answered');
    const anew = far.caller.call({ protocol: 'tcp', to: near.ipv6, port: 2023 });
    assert.equal(await anew.outcome(), 'answered');
  });

  test('a trial over nothing ends in nothing', async () => {
    const { near, far } = hosts;
    await filter.set({ kept: null, trial: { policy: policyOf(), seconds: 2 } });
    const calling = far.caller.call({ protocol: 'tcp', to: near.ipv4, port: 7 });
    await until(async () => (await filter.deciders(policyOf(), 'trial')).length > 0, 'the trial cuts a call');
    assert.equal(await calling.outcome(), 'refused');
  });

  test('tables of others stay as they are, and ours goes without a trace', async () => {
    const { near } = hosts;
    await near.run('nft', 'add table inet other; add chain inet other c { type filter hook input priority 0; }');
    const before = await filter.nft.list({ family: 'inet', name: 'other' });
    await filter.set({ kept: policyOf(), trial: { policy: policyOf(), seconds: 60 } });
    await filter.nft.apply(removeRuleset());
    await filter.nft.apply(removeRuleset());
    assert.deepEqual(await filter.nft.list({ family: 'inet', name: 'other' }), before);
    assert.deepEqual((await near.run('nft', 'list', 'tables')).trim(), 'table inet other');
  });
});
