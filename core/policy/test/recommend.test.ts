import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ANYONE,
  type Id,
  isMember,
  type Peer,
  type Policy,
  RULE_DEFAULTS,
  type Service,
  selectorOf,
} from '@hypervigil/model';
import fc from 'fast-check';
import {
  type CloudState,
  compileIntent,
  contains,
  createJudge,
  createPlacer,
  parseBlock,
  type Recommendation,
  recommend,
  type Seen,
  type Subject,
} from '../src/index.ts';
import { cloudState, EMPTY_GROUP, holders, idOf, isPossible, packet, runs } from '../src/testing/index.ts';

const DAYS = 7;

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The recommended rules as the only policy there is, where nothing is allowed by default. */
function withOnly(cloud: CloudState, { tenantId, rules }: Recommendation<Seen>): CloudState {
  const policy: Pick<Policy, 'id' | 'tier' | 'tenantId' | 'order' | 'enabled' | 'rules'> = {
    id: idOf('policy', 77),
    tier: tenantId === null ? 'platform' : 'tenant',
    tenantId,
    order: 0,
    enabled: true,
    rules: rules.map(({ from, to, services }, i) => ({
      ...RULE_DEFAULTS,
      id: idOf('rule', 900 + i),
      num: 900 + i,
      name: `r${i}`,
      enabled: true,
      action: 'allow',
      from,
      to,
      services: [...services],
    })),
  };
  const tenants = cloud.tenants.map((tenant) => ({ ...tenant, intraTenant: 'deny' as const }));
  // Rules are for the VMs as they are when nobody is cut off.
  const vms = cloud.vms.map((vm) => ({ ...vm, quarantined: false }));
  return { ...cloud, tenants, vms, policies: [policy] };
}

const seenTalk = fc
  .tuple(packet, fc.constantFrom('allow', 'allow', 'allow', 'deny'), fc.integer({ min: 1, max: 5 }), fc.boolean())
  .map(([one, verdict, flows, isAnswered]) => ({ one, verdict, flows, isAnswered }));

function toSeen(
  cloud: CloudState,
  { one, verdict, flows, isAnswered }: typeof seenTalk extends fc.Arbitrary<infer T> ? T : never,
): Seen {
  const end = (ip: string) => ({ ip, vmId: holders(cloud, one.network, ip)[0]?.id ?? null });
  return {
    networkId: idOf('network', one.network),
    src: end(one.src),
    dst: end(one.dst),
    protocol: one.protocol,
    port: one.port ?? 0,
    icmpType: one.icmp?.type ?? null,
    icmpCode: one.icmp?.code ?? null,
    verdict,
    flows,
    replyPackets: isAnswered ? flows : 0,
    days: [flows % DAYS],
  };
}

const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((n) => ({ groupId: idOf('group', n) })),
  fc.integer({ min: 1, max: 3 }).map((n) => ({ tenantId: idOf('tenant', n) })),
);

/** Each part of a side by itself. */
const partsOf = ({ groupIds, tenantIds, cidrs }: Peer): Peer[] => [
  ...groupIds.map((id) => ({ ...ANYONE, groupIds: [id] })),
  ...tenantIds.map((id) => ({ ...ANYONE, tenantIds: [id] })),
  ...cidrs.map((cidr) => ({ ...ANYONE, cidrs: [cidr] })),
];

function isAtPart(
  cloud: CloudState,
  { groupIds, tenantIds, cidrs }: Peer,
  ip: string,
  vmIds: ReadonlySet<Id>,
  networkId: Id | null,
): boolean {
  const groups = new Map(cloud.groups.map((group) => [group.id, group]));
  const vms = cloud.vms.filter(({ id }) => vmIds.has(id));
  return (
    cidrs.some((cidr) => contains(parseBlock(cidr)!, parseBlock(ip)!)) ||
    vms.some((vm) => tenantIds.includes(vm.tenantId!)) ||
    groupIds.some((id) => vms.some((vm) => isMember(groups, id, vm, networkId)))
  );
}

test('recommended rules allow all that they learnt from, and name no two parts that never talked', () => {
  const world = fc.tuple(cloudState, fc.array(seenTalk, { maxLength: 40 }), subject);
  fc.assert(
    fc.property(world, ([cloud, some, about]) => {
      const talks = some.filter(({ one }) => isPossible(cloud, one)).map((one) => toSeen(cloud, one));
      const found = finish(recommend(cloud, about, talks, DAYS));
      const place = createPlacer(cloud);
      const judge = createJudge(compileIntent(withOnly(cloud, found), { revision: 0, policyRevision: 0 }));
      for (const talk of found.learnt) assert.equal(judge(place(talk)!.packet).verdict, 'allow', JSON.stringify(talk));
      const learnt = found.learnt.map((talk) => ({ talk, placed: place(talk)! }));
      for (const { from, to } of found.rules)
        for (const part of [
          ...partsOf(from).map((one) => ({ from: one, to })),
          ...partsOf(to).map((one) => ({ from, to: one })),
        ])
          assert.ok(
            // One VM without a fitting group is all of its addresses; those of a pair are looked at together.
            learnt.some(
              ({ talk, placed }) =>
                (isAtPart(cloud, part.from, talk.src.ip, placed.src, talk.networkId) ||
                  isAddressOf(cloud, part.from, placed.src)) &&
                (isAtPart(cloud, part.to, talk.dst.ip, placed.dst, talk.networkId) ||
                  isAddressOf(cloud, part.to, placed.dst)),
            ),
            `nothing was learnt of ${JSON.stringify(part)}`,
          );
      const told = new Set([...found.learnt, ...found.outliers.map(({ talk }) => talk)]);
      assert.equal(told.size, found.learnt.length + found.outliers.length, 'each is learnt from or told apart');
    }),
    runs(1500),
  );
});

/** Whether an address of the part is one of the VM's. */
function isAddressOf(cloud: CloudState, { cidrs }: Peer, vmIds: ReadonlySet<Id>): boolean {
  return cloud.vms.some(
    (vm) => vmIds.has(vm.id) && vm.vnics.some(({ ipv4, ipv6 }) => [...ipv4, ...ipv6].some((ip) => cidrs.includes(ip))),
  );
}

test('the order in which talks come changes nothing', () => {
  const world = fc.tuple(cloudState, fc.array(seenTalk, { maxLength: 30 }), subject);
  fc.assert(
    fc.property(world, ([cloud, some, about]) => {
      const talks = some.filter(({ one }) => isPossible(cloud, one)).map((one) => toSeen(cloud, one));
      const [a, b] = [talks, talks.toReversed()].map((order) => finish(recommend(cloud, about, order, DAYS)).rules);
      assert.deepEqual(a, b);
    }),
    runs(300),
  );
});

/** Three tiers of one tenant, ten VMs each, and a stranger. */
function tiers(): CloudState {
  const vm = (n: number, tier: string) => ({
    id: idOf('vm', n),
    tenantId: idOf('tenant', 1),
    tags: { tier },
    quarantined: false,
    vnics: [
      {
        id: idOf('vnic', n),
        num: n,
        networkId: idOf('network', 1),
        mac: `52:54:00:00:01:${String(n).padStart(2, '0')}`,
        ipv4: [`10.0.1.${n}`],
        ipv6: [],
      },
    ],
  });
  const group = (num: number, tier: string) => ({
    ...EMPTY_GROUP,
    id: idOf('group', num),
    num,
    tenantId: idOf('tenant', 1),
    selector: selectorOf(`tier=${tier}`),
  });
  return {
    tenants: [{ id: idOf('tenant', 1), num: 1, intraTenant: 'allow' }],
    networks: [{ id: idOf('network', 1), num: 1, vlan: 7, tenantId: null }],
    addressSets: [],
    schedules: [],
    namedServices: [],
    limits: [],
    vms: ['web', 'app', 'db'].flatMap((tier, t) => Array.from({ length: 10 }, (_, i) => vm(1 + t * 10 + i, tier))),
    groups: [group(1, 'web'), group(2, 'app'), group(3, 'db')],
    policies: [],
  };
}

const talk = (src: string, dst: string, port: number, change: Partial<Seen> = {}): Seen => {
  const end = (ip: string) => ({
    ip,
    vmId: /^10\.0\.1\.[1-3]?\d$/.test(ip) ? idOf('vm', Number(ip.split('.')[3])) : null,
  });
  const base = { networkId: idOf('network', 1), protocol: 6, icmpType: null, icmpCode: null, verdict: 'allow' };
  return {
    ...base,
    src: end(src),
    dst: end(dst),
    port,
    flows: 20,
    replyPackets: 40,
    days: [1, 2, 3, 4, 5, 6, 7],
    ...change,
  };
};

const tcp = (...ports: string[]): Service[] => [{ protocol: 'tcp', ports }];

test('tiers that talk become one rule each, in the words of groups; what stands out is told apart', () => {
  const cloud = tiers();
  const nums = Array.from({ length: 10 }, (_, i) => i);
  const talks = [
    ...nums.flatMap((i) => [
      talk(`10.0.1.${1 + i}`, `10.0.1.${11 + ((i * 3) % 10)}`, 8080),
      talk(`10.0.1.${1 + i}`, `10.0.1.${11 + i}`, 8081),
    ]),
    ...nums.map((i) => talk(`10.0.1.${11 + i}`, `10.0.1.${21 + (i % 3)}`, 5432)),
    ...nums.map((i) => talk(`198.51.100.${i * 9}`, `10.0.1.${1 + i}`, 443)),
    talk('10.0.1.12', '10.0.1.13', 7000),
    talk('10.0.1.3', '10.0.1.14', 22, { flows: 1 }),
    talk('10.0.1.4', '10.0.1.15', 23, { verdict: 'deny' }),
    ...Array.from({ length: 40 }, (_, i) =>
      talk('10.0.1.30', '10.0.1.16', 1000 + i * 1500, { replyPackets: 0, flows: 1 }),
    ),
  ];
  const { rules, outliers } = finish(recommend(cloud, { groupId: idOf('group', 2) }, talks, 7));
  const [web, app, db] = [1, 2, 3].map((n): Peer => ({ ...ANYONE, groupIds: [idOf('group', n)] }));
  assert.deepEqual(
    rules.map(({ from, to, services }) => ({ from, to, services })),
    [
      { from: web, to: app, services: tcp('8080-8081') },
      { from: app, to: app, services: tcp('7000') },
      { from: app, to: db, services: tcp('5432') },
    ],
  );
  const { evidence } = rules[0]!;
  assert.deepEqual([evidence.flows, evidence.days, evidence.vmsSeen, evidence.vmsNamed], [400, 7, 20, 20]);
  assert.equal(evidence.confidence, 'high');
  assert.equal(rules[1]!.evidence.confidence, 'medium');
  const reasons = Map.groupBy(outliers, ({ reason }) => reason);
  assert.deepEqual([...reasons].map(([reason, some]) => [reason, some.length]).sort(), [
    ['denied', 1],
    ['once', 1],
    ['scan', 40],
  ]);
  const ofWeb = finish(recommend(cloud, { groupId: idOf('group', 1) }, talks, 7)).rules;
  assert.deepEqual(ofWeb[0], {
    ...ofWeb[0],
    from: { ...ANYONE, cidrs: ['198.51.100.0/24'] },
    to: web,
    services: tcp('443'),
  });
  const ofTenant = finish(recommend(cloud, { tenantId: idOf('tenant', 1) }, talks, 7)).rules;
  assert.deepEqual(
    ofTenant.map(({ from, to, services }) => [from.groupIds, from.cidrs, to.groupIds, services]),
    [
      [[], ['198.51.100.0/24'], web!.groupIds, tcp('443')],
      [web!.groupIds, [], app!.groupIds, tcp('8080-8081')],
      [app!.groupIds, [], db!.groupIds, tcp('5432')],
      [app!.groupIds, [], [], tcp('7000')],
    ],
  );
});

test('ports that are handed out at random are a range; blocks never take a VM’s address in', () => {
  const cloud = tiers();
  const talks = [
    ...Array.from({ length: 60 }, (_, i) => talk('10.0.1.1', '10.0.1.11', 40_000 + i * 300)),
    ...Array.from({ length: 60 }, (_, i) => talk('10.0.1.1', '10.0.1.12', 40_000 + i * 300)),
    ...Array.from({ length: 5 }, (_, i) => talk(`10.0.1.${200 + i}`, '10.0.1.11', 80)),
  ];
  const { rules } = finish(recommend(cloud, { groupId: idOf('group', 2) }, talks, 7));
  assert.deepEqual(
    rules.map(({ from, services }) => [from.cidrs, services]),
    [
      [['10.0.1.200/30', '10.0.1.204'], tcp('80')],
      [['10.0.1.1'], tcp('40000-57700')],
    ],
  );
});

test('an address that VMs of two tenants have is named as an address: rules about a tenant do not speak of it', () => {
  const cloud = tiers();
  const [first] = cloud.vms;
  const apps = cloud.vms.filter(({ tags }) => tags['tier'] === 'app').slice(0, 3);
  const stranger = {
    ...first!,
    id: idOf('vm', 99),
    tenantId: idOf('tenant', 2),
    tags: { tier: 'guest' },
    vnics: [{ ...first!.vnics[0]!, id: idOf('vnic', 99), num: 99, mac: '52:54:00:00:01:99' }],
  };
  const shared: CloudState = {
    ...cloud,
    tenants: [...cloud.tenants, { id: idOf('tenant', 2), num: 2, intraTenant: 'allow' }],
    vms: [first!, ...apps, stranger],
    groups: cloud.groups.slice(1, 2).map((group) => ({ ...group, tenantId: null })),
  };
  const { rules } = finish(recommend(shared, { groupId: idOf('group', 2) }, [talk('10.0.1.11', '10.0.1.1', 80)], 7));
  assert.deepEqual(
    rules.map(({ from, to }) => [from.groupIds, to]),
    [[[idOf('group', 2)], { ...ANYONE, cidrs: ['10.0.1.1'] }]],
  );
});
