import type { DraftPolicy } from '@hypervigil/contract';
import {
  type Assertion,
  allOfTags,
  type GatewayGroup,
  type Group,
  type Id,
  type Limit,
  type NamedService,
  ON_FAILURE,
  type Peer,
  printSelector,
  type Rule,
  type Schedule,
  type Service,
  TIERS,
  UNLIMITED,
  WEEKDAYS,
} from '@hypervigil/model';
import { cloudLimit, ruleLimits, selector } from '@hypervigil/policy/testing';
import fc from 'fast-check';
import type { KnownAddressSet, PolicyState } from '../src/index.ts';

/** Random drafts: names that people give, things that share a name, references to what is gone. */

const KIND = {
  tenant: 1,
  network: 2,
  vm: 3,
  group: 5,
  policy: 6,
  rule: 7,
  addressSet: 8,
  schedule: 9,
  service: 10,
  gatewayGroup: 11,
  assertion: 12,
  mirror: 13,
  limit: 14,
} as const;
export const idOf = (kind: keyof typeof KIND, n: number): Id =>
  `${String(KIND[kind]).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;

const AT = '2026-01-31T08:00:00Z';
/** Names that YAML would take for something else, or that are written in another script. */
const NAMES = ['web', 'yes', 'null', '0x1F', '1e3', '12', '数据库', 'a b', 'x.y', 'true', idOf('vm', 1), '2026-01-01'];
const some = <T>(from: readonly T[], maxLength: number) =>
  from.length === 0 ? fc.constant<T[]>([]) : fc.uniqueArray(fc.constantFrom(...from), { maxLength });
const nums = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const text = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('- a: b\n# c', ' x '),
);
const uniqueNames = (count: number) => fc.shuffledSubarray(NAMES, { minLength: count, maxLength: count });

const tags = fc.dictionary(
  fc.oneof(fc.constantFrom('tier', 'a.b', 'groups', 'vmIds', '1'), fc.string({ minLength: 1, maxLength: 8 })),
  fc.string({ maxLength: 8 }),
  { maxKeys: 3, noNullPrototype: true },
);

/** A tenant's group names nothing of others. */
const ofItsOwn = (group: Group): Group =>
  group.tenantId === null
    ? group
    : { ...group, tenantIds: group.tenantIds.filter((id) => id === group.tenantId), groupIds: [] };

const group = (n: number, name: string): fc.Arbitrary<Group> =>
  fc
    .record({
      id: fc.constant(idOf('group', n)),
      num: fc.constant(n),
      name: fc.constant(name),
      description: text,
      tenantId: fc.constantFrom<Id | null>(null, idOf('tenant', 1), idOf('tenant', 2)),
      vmIds: some(
        nums(6).map((vm) => idOf('vm', vm)),
        4,
      ),
      selector: fc.oneof(
        tags.map((one) => printSelector(allOfTags(one))),
        selector.map(printSelector),
      ),
      networkIds: some(
        nums(2).map((network) => idOf('network', network)),
        2,
      ),
      tenantIds: some(
        nums(3).map((tenant) => idOf('tenant', tenant)),
        2,
      ),
      // Of those before it: no group is within itself.
      groupIds: some(
        nums(n - 1).map((inner) => idOf('group', inner)),
        2,
      ),
      revision: fc.nat(9),
      changedAt: fc.constant(AT),
    })
    .map(ofItsOwn);

const CIDRS = ['10.0.0.0/8', '192.0.2.7', '0.0.0.0/0', '10.0.1.4/31', '2001:db8::/32', '::/0', '2001:DB8::1'];
const service: fc.Arbitrary<Service> = fc.oneof(
  fc.record(
    {
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
      ports: some(['80', '443', '8000-8080', '0', '0443', '65535'], 3),
    },
    { noNullPrototype: true },
  ),
  fc.record({ protocol: fc.constant('ip' as const), number: fc.nat(255) }, { noNullPrototype: true }),
);
const peer: fc.Arbitrary<Peer> = fc.record({
  groupIds: some(
    nums(4).map((n) => idOf('group', n)),
    3,
  ),
  tenantIds: some(
    nums(3).map((n) => idOf('tenant', n)),
    2,
  ),
  addressSetIds: some(
    nums(2).map((n) => idOf('addressSet', n)),
    2,
  ),
  cidrs: fc.constantFrom<string[]>([], [...CIDRS], ['10.0.0.0/8', '2001:db8::/32', '10.0.0.0/8']),
});

const schedule = (n: number, name: string): fc.Arbitrary<Schedule> =>
  fc.record({
    id: fc.constant(idOf('schedule', n)),
    name: fc.constant(name),
    description: text,
    zone: fc.constantFrom('Asia/Shanghai', 'UTC'),
    windows: fc.array(
      fc.record(
        {
          days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
          from: fc.constantFrom('00:00', '08:30'),
          to: fc.constantFrom('06:00', '24:00'),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    startsOn: fc.constantFrom(null, '2026-01-01'),
    endsOn: fc.constantFrom(null, '2026-12-31'),
    revision: fc.nat(9),
    changedAt: fc.constant(AT),
  });

const namedService = (n: number, name: string): fc.Arbitrary<NamedService> =>
  fc.record({
    id: fc.constant(idOf('service', n)),
    name: fc.constant(name),
    description: text,
    services: fc.array(service, { minLength: 1, maxLength: 3 }),
    builtIn: fc.constant(n === 1),
    revision: fc.nat(9),
    changedAt: fc.constant(AT),
  });

const link = (n: number) =>
  fc.record({
    groupId: fc.constant(idOf('gatewayGroup', n)),
    groupNum: fc.constant(n),
    onFailure: fc.constantFrom(...ON_FAILURE),
  });
const blocks = fc.record({
  applications: fc.constantFrom<string[]>([], ['SSH', 'Z39.50']),
  names: fc.constantFrom<string[]>([], ['*.example.com']),
  risks: fc.constantFrom<string[]>([], ['known-protocol-on-non-standard-port']),
});
const inspect = fc.constantFrom(1, 2).chain((n) =>
  fc.oneof(
    link(n),
    fc.tuple(link(n), blocks).map(([first, some]) => ({ ...first, blocks: some })),
    fc.tuple(link(n), link(3 - n)).map(([first, second]) => ({ ...first, next: [second] })),
  ),
);

const rule = (num: number, name: string): fc.Arbitrary<Rule> =>
  fc
    .record({
      enabled: fc.boolean(),
      recording: fc.oneof(
        fc.record({ log: fc.boolean(), logSampling: fc.constantFrom(null, 1, 100) }),
        fc.constant({ log: false, logSampling: 0 }),
      ),
      verdict: fc.oneof(
        fc.record({ action: fc.constantFrom('deny' as const, 'reject' as const, 'pass' as const) }),
        fc.record({ action: fc.constant('allow' as const), limits: ruleLimits }),
        fc.record({ action: fc.constant('inspect' as const), inspect, limits: ruleLimits }),
      ),
      from: peer,
      to: peer,
      services: fc.array(service, { maxLength: 3 }),
      comment: text,
      owner: fc.constantFrom('ops', '值班组'),
      expiresAt: fc.constantFrom(null, AT),
      staged: fc.boolean(),
      scheduleId: fc.constantFrom(null, idOf('schedule', 1)),
      // The provider's policies cannot name one.
      mirrorId: fc.constant(null),
      namedServiceIds: fc.constantFrom<Id[]>([], [idOf('service', 2)]),
    })
    .map(({ verdict, recording, ...fields }) => ({
      ...{ id: idOf('rule', num), num, name, limits: UNLIMITED },
      ...verdict,
      ...recording,
      ...fields,
    }));

const policy = (n: number, name: string): fc.Arbitrary<DraftPolicy> =>
  fc
    .record({
      description: text,
      tier: fc.constantFrom(...TIERS.filter((tier) => tier !== 'tenant')),
      order: fc.nat(3),
      enabled: fc.boolean(),
      rules: fc
        .tuple(fc.nat(4), uniqueNames(4))
        .chain(([count, names]) => fc.tuple(...names.slice(0, count).map((one, i) => rule(100 + n * 10 + i, one)))),
      change: fc.constantFrom('none' as const, 'added' as const, 'changed' as const),
    })
    .map((fields) => ({
      id: idOf('policy', n),
      name,
      tenantId: null,
      revision: n,
      changedAt: AT,
      ruleChanges: {},
      ...fields,
    }));

const rows = <T>(make: (n: number, name: string) => fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> =>
  uniqueNames(count).chain((names) => fc.tuple(...names.map((name, i) => make(i + 1, name)))) as fc.Arbitrary<T[]>;

const end = fc.record({
  vmIds: some(
    nums(6).map((n) => idOf('vm', n)),
    2,
  ),
  groupIds: some(
    nums(4).map((n) => idOf('group', n)),
    2,
  ),
  tenantIds: some(
    nums(3).map((n) => idOf('tenant', n)),
    2,
  ),
  cidrs: fc.constantFrom<string[]>([], ['10.0.0.0/8', '2001:db8::/32']),
  outside: fc.boolean(),
});

const assertion = (n: number, name: string): fc.Arbitrary<Assertion> =>
  fc.record({
    id: fc.constant(idOf('assertion', n)),
    name: fc.constant(name),
    kind: fc.constantFrom('never' as const, 'always' as const, 'only' as const),
    from: end,
    to: end,
    services: fc.array(service, { maxLength: 2 }),
    owner: text,
    comment: text,
    enabled: fc.boolean(),
    revision: fc.nat(9),
    changedAt: fc.constant(AT),
  });

const ENTRIES = ['10.0.0.0/8', '192.0.2.7', '192.0.2.5 - 192.0.2.9', '2001:db8::/32', '::1', '0.0.0.0/0', '9.0.0.0/8'];

/** The first is a feed's. */
const addressSet = (n: number, name: string): fc.Arbitrary<KnownAddressSet> =>
  fc
    .record({ description: text, entries: some(ENTRIES, 5), excluded: some(ENTRIES, 2), revision: fc.nat(9) })
    .map(({ entries, excluded, ...fields }) => ({
      ...{ id: idOf('addressSet', n), name, tenantId: null, isFed: n === 1, ...fields },
      ...(n > 1 && { lists: { entries, excluded } }),
    }));

const limit = (n: number, name: string): fc.Arbitrary<Limit> =>
  cloudLimit(n).chain(({ vmIds: _, groupIds: __, networkIds: ___, tenantIds: ____, ...values }) =>
    fc
      .record({
        description: text,
        vmIds: some([idOf('vm', 1), idOf('vm', 2)], 2),
        groupIds: some([idOf('group', 1), idOf('group', 4)], 2),
        networkIds: some([idOf('network', 1)], 1),
        tenantIds: some([idOf('tenant', 2)], 1),
        revision: fc.nat(9),
      })
      .map((fields) => ({ ...values, ...fields, id: idOf('limit', n), num: n, name, changedAt: AT })),
  );

const gatewayGroup = (n: number, name: string): fc.Arbitrary<GatewayGroup> =>
  fc
    .record({
      description: text,
      tenantId: fc.constantFrom<Id | null>(null, idOf('tenant', 1)),
      perHost: fc.integer({ min: 1, max: 3 }),
      more: fc.nat(2),
      vcpus: fc.integer({ min: 1, max: 4 }),
      memoryMiB: fc.constantFrom(320, 512),
      detect: fc.boolean(),
      revision: fc.nat(9),
    })
    .map(({ more, ...fields }) => ({
      ...{ id: idOf('gatewayGroup', n), num: n, name, changedAt: AT },
      ...{ ...fields, maxPerHost: fields.perHost + more },
    }));

export const policyState: fc.Arbitrary<PolicyState> = fc.record({
  draftRevision: fc.nat(100),
  tenants: rows(
    (n, name) =>
      fc.constant({
        id: idOf('tenant', n),
        num: n,
        name,
        description: '',
        intraTenant: 'allow' as const,
        createdAt: AT,
      }),
    3,
  ),
  networks: fc.constant(nums(2).map((n) => ({ id: idOf('network', n), name: `net ${n}` }))),
  // VMs are called as libvirt calls them: two may have one name.
  vms: fc
    .array(fc.constantFrom(...NAMES, 'a/b', '#1', '  '), { minLength: 6, maxLength: 6 })
    .map((names) => names.map((name, i) => ({ id: idOf('vm', i + 1), name }))),
  groups: rows(group, 4),
  schedules: rows(schedule, 2),
  namedServices: rows(namedService, 2),
  gatewayGroups: rows(gatewayGroup, 2),
  mirrors: rows((n, name) => fc.constant({ id: idOf('mirror', n), name, tenantId: idOf('tenant', 1) }), 2),
  addressSets: rows(addressSet, 2),
  policies: fc.nat(3).chain((count) => rows(policy, count)),
  assertions: rows(assertion, 2),
  limits: rows(limit, 2),
});

/** How often a property runs. */
export const runs = (byDefault: number): { numRuns: number } => ({
  numRuns: Number(process.env['HV_RUNS'] ?? byDefault),
});

/** How many hostile inputs a reader gets. */
export const fuzz = (share = 1): { numRuns: number } => ({
  numRuns: Math.ceil(Number(process.env['HV_FUZZ'] ?? 20_000) * share),
});
