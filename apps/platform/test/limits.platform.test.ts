import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ApiError } from '@hypervigil/contract';
import { ANYONE, RULE_DEFAULTS } from '@hypervigil/model';
import type { RunningPlatform } from '../src/index.ts';
import {
  codeIs,
  connectEngine,
  enrol,
  observedVm,
  startTestCloudWithHost,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { inventory } from './two-hosts.ts';

const NONE = { bandwidthOut: null, bandwidthIn: null, newOut: null, newIn: null, open: null };

describe('limits', () => {
  let platform: RunningPlatform;
  let person: TestPerson;
  let engine: TestEngine;
  let stop: () => Promise<void>;
  const vmId = observedVm(1).id;
  before(async () => {
    ({ platform, person, engine, stop } = await startTestCloudWithHost('limits'));
    engine.send(inventory(observedVm(1)));
    await until('the VM', () => person.client.getVm({ params: { id: vmId } }).catch(() => null));
  });
  after(() => stop?.());
  const limitsOf = async () => (await person.client.getVmLimits({ params: { id: vmId } })).vnics[0]?.limits ?? [];
  const newGroup = (name: string) =>
    person.client.createGroup({ body: { name, description: '', tenantId: null, vmIds: [vmId] } });

  it('reach hosts as they are changed, with the sets of the groups that they name', async () => {
    const group = await newGroup('scanners');
    const body = { name: 'few connections', description: '', vmIds: [vmId], groupIds: [group.id] };
    const limit = await person.client.createLimit({ body: { ...body, newOut: { perSecond: 10 }, open: 500 } });
    assert.deepEqual(
      { ...limit, id: '', num: 0, changedAt: '' },
      {
        ...NONE,
        ...body,
        networkIds: [],
        tenantIds: [],
        id: '',
        num: 0,
        newOut: { perSecond: 10, burst: null },
        open: 500,
        networkOpen: null,
        revision: 1,
        changedAt: '',
      },
    );
    const [sent] = await until('the limit', () => {
      const limits = engine.intent()?.limits ?? [];
      return limits.length > 0 ? limits : null;
    });
    assert.deepEqual([sent?.vmIds, sent?.newOut, sent?.open], [[vmId], { perSecond: 10, burst: null }, 500]);
    assert.equal(
      engine.intent()?.sets.some(({ num }) => num === sent?.sets?.[0]),
      true,
    );

    const { id } = limit;
    const changed = { ...body, vmIds: [], groupIds: [], bandwidthIn: { kbps: 1000 }, revision: 1 };
    await person.client.updateLimit({ params: { id }, body: changed });
    await until('the change', () => engine.intent()?.limits[0]?.bandwidthIn?.kbps === 1000 || null);
    assert.equal(engine.intent()?.limits[0]?.sets, null);
    await assert.rejects(person.client.updateLimit({ params: { id }, body: changed }), codeIs('stale-revision'));
    await person.client.deleteLimit({ params: { id } });
    await until('the end', () => engine.intent()?.limits.length === 0 || null);
  });

  it('name only what there is, and what they name stays', async () => {
    const group = await newGroup('named');
    const body = { name: 'a limit', description: '', groupIds: [group.id], newIn: { perSecond: 5 } };
    const { id } = await person.client.createLimit({ body });
    await assert.rejects(person.client.createLimit({ body }), codeIs('name-taken'));
    await assert.rejects(person.client.deleteGroup({ params: { id: group.id } }), codeIs('in-use'));
    const nobody = '00000000-0000-4000-8000-000000000000';
    for (const field of ['vmIds', 'groupIds', 'networkIds', 'tenantIds'])
      await assert.rejects(
        person.client.createLimit({ body: { ...body, name: 'b', [field]: [nobody] } }),
        (error: ApiError) =>
          error.body.problems[0]?.code === 'unknown-id' && error.body.problems[0].field === `${field}.0`,
      );
    await person.client.deleteLimit({ params: { id } });
    await person.client.deleteGroup({ params: { id: group.id } });
  });

  it('count by how near they are to a vNIC', async () => {
    const group = await newGroup('more');
    const { id: tenantId } = await person.client.createTenant({ body: { name: 'acme' } });
    const vm = await person.client.updateVm({ params: { id: vmId }, body: { tenantId } });
    const network = { name: 'lan', vlan: null, cidrs: [], tenantId: null };
    const { id: networkId } = await person.client.createNetwork({ body: network });
    await person.client.updateVnic({ params: { id: vm.vnics[0]!.id }, body: { networkId } });
    const [networkIds, tenantIds] = [[networkId], [tenantId]];
    const limit = (name: string, who: object, perSecond: number) =>
      person.client.createLimit({ body: { name, description: '', ...who, newIn: { perSecond } } });
    const all = [
      await limit('everyone', {}, 5),
      await limit('tenant', { tenantIds }, 9),
      await limit('network', { networkIds }, 8),
      await limit('group', { groupIds: [group.id] }, 50),
      await limit('vm', { vmIds: [vmId] }, 20),
    ];
    const sent = await until('the limits', () => {
      const limits = engine.intent()?.limits ?? [];
      return limits.length === all.length ? limits : null;
    });
    const vnic = await until('the vNIC', () => engine.intent()?.vnics.find((one) => one.tenant !== null) ?? null);
    assert.deepEqual([sent[1]!.sets, sent[1]!.tenants, sent[2]!.networks], [[], [vnic.tenant], [vnic.network]]);
    for (const expected of ['vm', 'group', 'network', 'tenant', 'everyone']) {
      assert.deepEqual(
        (await limitsOf()).map(({ kind, limitName }) => [kind, limitName]),
        [['newIn', expected]],
      );
      await person.client.deleteLimit({ params: { id: all.pop()!.id } });
    }
    assert.deepEqual(await limitsOf(), []);
  });

  it('tell what they have dropped: with the VM, in the overview while it goes on, and as a metric', async () => {
    const { num, id: vnicId } = (await person.client.getVm({ params: { id: vmId } })).vnics[0]!;
    const reading = { num, kind: 'newOut' as const, droppedPackets: 700, droppedBytes: 42_000 };
    engine.send({ type: 'limits', readings: [reading, { ...reading, num: 999_999 }] });
    engine.send({ type: 'limits', readings: [reading] });
    const drops = () => person.client.listLimitDrops();
    const { items } = await until('the drops', async () => {
      const found = await drops();
      return found.items[0]?.droppedPackets === 1400 ? found : null;
    });
    assert.deepEqual(
      items.map(({ vmId, vnicId, hostName, kind, droppedBytes, goesOn }) => ({
        vmId,
        vnicId,
        hostName,
        kind,
        droppedBytes,
        goesOn,
      })),
      [{ vmId, vnicId, hostName: 'h1', kind: 'newOut', droppedBytes: 84_000, goesOn: true }],
    );
    assert.deepEqual((await person.client.getVmLimits({ params: { id: vmId } })).drops.length, 1);
    const { advice } = await person.client.getOverview();
    assert.ok(advice.some(({ code, params }) => code === 'limit-exceeded' && params['kind'] === 'newOut'));
    const metrics = await (await fetch(new URL('/metrics', platform.httpUrl))).text();
    assert.match(metrics, /hypervigil_limit_dropped_packets_total\{host="h1",kind="newOut"\} 2100/);
  });

  it('of networks reach hosts with them, and what they deny stands with the network', async () => {
    const { items } = await person.client.listNetworks({ query: {} });
    const { id: networkId, num } = items[0]!;
    const ofNetwork = () => engine.intent()?.networks.find((one) => one.num === num)?.maxConnections;
    const body = { name: 'crowded', description: '', networkIds: [networkId], networkOpen: 5_000 };
    const { id: limitId } = await person.client.createLimit({ body });
    await until('the bound', () => ofNetwork() === 5_000 || null);

    engine.send({ type: 'limits', readings: [{ num, kind: 'networkOpen', droppedPackets: 9, droppedBytes: 540 }] });
    const [drops] = await until('the drops', async () => {
      const found = await person.client.listNetworkLimitDrops();
      return found.items.length > 0 ? found.items : null;
    });
    const { droppedPackets, hostName, goesOn } = drops!;
    assert.deepEqual(
      { networkId: drops!.networkId, limitId: drops!.limitId, droppedPackets, hostName, goesOn },
      { networkId, limitId, droppedPackets: 9, hostName: 'h1', goesOn: true },
    );
    const { advice } = await person.client.getOverview();
    assert.ok(advice.some(({ code, params }) => code === 'network-limit-exceeded' && params['network'] === 'lan'));
    await person.client.deleteLimit({ params: { id: limitId } });
    await until('its share', () => ofNetwork() === null || null);
  });

  it('of rules come with the policy, and tell what they have dropped of all hosts together', async () => {
    const limits = { newConnections: { perSecond: 5, burst: null }, open: 40, bandwidth: null };
    const rule = { ...RULE_DEFAULTS, enabled: true, from: ANYONE, to: ANYONE, services: [] };
    const fields = {
      name: 'limited',
      description: '',
      tier: 'platform' as const,
      tenantId: null,
      order: 1,
      enabled: true,
    };
    const draft = (action: 'allow' | 'deny') =>
      person.client.createPolicy({ body: { ...fields, rules: [{ ...rule, name: 'few', action, limits }] } });
    await assert.rejects(draft('deny'), (error: ApiError) => error.body.problems[0]?.field === 'rules.0.limits');
    const policy = await draft('allow');
    const { draftRevision } = await person.client.getPolicyStatus();
    await person.client.publishPolicy({ body: { draftRevision } });
    const sent = await until('the rule', () => engine.intent()?.rules[0] ?? null);
    assert.deepEqual(sent.limits, limits);

    const { num } = policy.rules[0]!;
    const reading = { num, kind: 'ruleNew' as const, droppedPackets: 30, droppedBytes: 1_800 };
    engine.send({ type: 'limits', readings: [reading, { ...reading, num: 999_999 }] });
    const other = await connectEngine(platform, await enrol(platform, person, 'h2'), { obedient: true });
    other.send({ type: 'limits', readings: [reading] });
    const { items } = await until('the drops', async () => {
      const found = await person.client.listRuleLimitDrops();
      return found.items[0]?.hosts === 2 ? found : null;
    });
    other.close();
    assert.deepEqual(
      items.map(({ rule, lastAt: _, ...drops }) => [rule.name, rule.policy, drops]),
      [['few', 'limited', { kind: 'ruleNew', droppedPackets: 60, droppedBytes: 3_600, hosts: 2, goesOn: true }]],
    );
    const { advice } = await person.client.getOverview();
    assert.ok(advice.some(({ code, params }) => code === 'rule-limit-exceeded' && params['rule'] === 'few'));
  });
});
