import {
  type Action,
  ANYONE,
  type Blocks,
  type Hours,
  type Id,
  ON_FAILURE,
  type OnFailure,
  type Peer,
  RULE_DEFAULTS,
  type Rule,
  SERVICE_CATALOGUE,
  type Selector,
  type Service,
  type Tier,
  UNLIMITED,
} from '@hypervigil/model';
import fc from 'fast-check';
import type {
  CloudAddressSet,
  CloudGroup,
  CloudPolicy,
  CloudSchedule,
  CloudService,
  CloudState,
  CloudTenant,
  CloudVm,
  CloudVnic,
} from '../cloud.ts';
import { idOf, macOf, nums } from './ids.ts';
import { cloudLimit, ruleLimits } from './limits.ts';

/** Small clouds in a small world, so that random rules meet random packets often. */

const NETWORKS = [
  { id: idOf('network', 1), num: 1, vlan: 100, tenantId: null },
  { id: idOf('network', 2), num: 2, vlan: null, tenantId: idOf('tenant', 1) },
];
const TAGS: readonly [string, string][] = [
  ['role', 'web'],
  ['role', 'db'],
  ['env', 'prod'],
  ['env', 'test'],
];
const CIDRS = [
  '10.0.0.0/8',
  '10.0.1.0/30',
  '10.0.1.3',
  '10.0.1.4/31',
  '0.0.0.0/0',
  '192.0.2.0/24',
  '2001:db8:1::/64',
  '2001:db8:1::2',
  '::/0',
];
const ENTRIES = [
  '10.0.1.2-10.0.1.5',
  '10.0.1.3',
  '10.0.0.0/8',
  '0.0.0.0/0',
  '192.0.2.0-203.0.113.9',
  '203.0.113.9',
  '2001:db8:1::1 - 2001:db8:1::3',
  '2001:db8:1::/64',
  '::/0',
  'no address',
];
const SERVICES: readonly Service[] = [
  { protocol: 'tcp', ports: ['80'] },
  { protocol: 'tcp', ports: ['79-82', '443', '8000-8080'] },
  { protocol: 'tcp', ports: [] },
  { protocol: 'udp', ports: ['53', '0-1'] },
  { protocol: 'sctp', ports: ['80'] },
  { protocol: 'icmp', type: 8 },
  { protocol: 'icmp', type: 8, code: 0 },
  { protocol: 'icmp' },
  { protocol: 'icmpv6', type: 128 },
  { protocol: 'icmpv6' },
  { protocol: 'ip', number: 47 },
  { protocol: 'ip', number: 6 },
];

const some = <T>(from: readonly T[], maxLength: number) => fc.uniqueArray(fc.constantFrom(...from), { maxLength });

const tagsOf = some(TAGS, 3).map((pairs) => Object.fromEntries(pairs));

const tenantIds = nums(3).map((n) => idOf('tenant', n));
const anyTenant = fc.constantFrom<Id | null>(idOf('tenant', 1), ...tenantIds, null);

const tenant = (n: number): fc.Arbitrary<CloudTenant> =>
  fc
    .constantFrom('allow' as const, 'deny' as const)
    .map((intraTenant) => ({ id: idOf('tenant', n), num: n, intraTenant }));

/** A VM whose addresses are its own, except that now and then it shares one with another VM. */
export const cloudVm = (n: number): fc.Arbitrary<CloudVm> =>
  fc
    .record({
      tenantId: anyTenant,
      tags: tagsOf,
      network: fc.constantFrom(...NETWORKS.map(({ id }) => id), idOf('network', 1), null),
      shared: fc.constantFrom(false, false, false, true),
      v6: fc.boolean(),
      second: fc.constantFrom(false, false, true),
      quarantined: fc.nat(9).map((one) => one === 9),
    })
    .map(({ tenantId, tags, network, shared, v6, second, quarantined }) => ({
      id: idOf('vm', n),
      tenantId,
      tags,
      quarantined,
      vnics: [
        {
          id: idOf('vnic', n),
          num: n,
          networkId: network,
          mac: macOf(n),
          ipv4: shared ? ['10.0.1.1', `10.0.1.${n}`] : [`10.0.1.${n}`],
          ipv6: v6 ? [`2001:db8:1::${n}`] : [],
        },
        ...(second ? [secondVnic(n)] : []),
      ],
    }));

/** Where groups of a network and groups of VMs differ. */
const secondVnic = (n: number): CloudVnic => ({
  id: idOf('vnic', 10 + n),
  num: 10 + n,
  networkId: idOf('network', 2),
  mac: macOf(10 + n),
  ipv4: [`10.0.1.${n}`],
  ipv6: [],
});

/** Tests on tags as they come out of the parser: lists have no list of their own kind in them, `not` no `not`. */
export const selector: fc.Arbitrary<Selector> = selectorOf(3);

function selectorOf(depth: number): fc.Arbitrary<Selector> {
  const has = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TAGS).map(([key, value]): Selector => ({ op: 'has', key, value })) },
    { weight: 1, arbitrary: fc.constantFrom('role', 'env').map((key): Selector => ({ op: 'has', key, value: null })) },
  );
  if (depth === 0) return fc.oneof(has, has.map(not));
  const listed = (op: 'and' | 'or') =>
    fc
      .array(
        selectorOf(depth - 1).filter((one) => one.op !== op),
        { minLength: 2, maxLength: 3 },
      )
      .map((of): Selector => ({ op, of }));
  return fc.oneof(has, has.map(not), listed('and'), listed('or'), listed('or').map(not));
}

function not(of: Selector): Selector {
  return { op: 'not', of };
}

/** None, mostly. */
const seldom = <T>(from: readonly T[], maxLength: number) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: some(from, maxLength) });

/** A group that names nobody. */
export const EMPTY_GROUP: Omit<CloudGroup, 'id' | 'num'> = {
  tenantId: null,
  vmIds: [],
  selector: null,
  networkIds: [],
  tenantIds: [],
  groupIds: [],
};

/** A group, nested in whatever way: circles too. */
export const cloudGroup = (n: number): fc.Arbitrary<CloudGroup> =>
  fc.record({
    id: fc.constant(idOf('group', n)),
    num: fc.constant(n),
    tenantId: anyTenant,
    vmIds: some(
      nums(6).map((vm) => idOf('vm', vm)),
      2,
    ),
    selector: fc.option(selector, { freq: 3 }),
    networkIds: seldom(
      NETWORKS.map(({ id }) => id),
      1,
    ),
    tenantIds: seldom(tenantIds, 2),
    groupIds: seldom(
      nums(5).map((group) => idOf('group', group)),
      2,
    ),
  });

export const cloudAddressSet = (n: number): fc.Arbitrary<CloudAddressSet> =>
  fc.record({
    id: fc.constant(idOf('addressSet', n)),
    num: fc.constant(n),
    entries: some(ENTRIES, 4),
    excluded: some(ENTRIES, 2),
  });

const peer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(ANYONE) },
  {
    weight: 5,
    arbitrary: fc.record({
      groupIds: some(
        nums(4).map((n) => idOf('group', n)),
        2,
      ),
      tenantIds: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Id[]>([]) },
        { weight: 1, arbitrary: some(tenantIds, 2) },
      ),
      addressSetIds: fc.oneof(
        { weight: 2, arbitrary: fc.constant<Id[]>([]) },
        {
          weight: 1,
          arbitrary: some(
            nums(3).map((n) => idOf('addressSet', n)),
            2,
          ),
        },
      ),
      cidrs: fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: some(CIDRS, 3) }),
    }),
  },
);

/** When the small world is looked at where nothing else is said, and instants around it at which rules may end. */
export const AT = new Date('2026-11-22T12:00:00Z');
const INSTANTS = [-3_600_000, -1, 0, 1, 3_600_000].map((ms) => new Date(AT.getTime() + ms));
export const instant: fc.Arbitrary<Date> = fc.constantFrom(...INSTANTS);
const expiresAt = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: instant.map((at) => at.toISOString()) },
);

/** Hours that hold at {@link AT} (a Sunday), or do not, or turn at that instant. */
const HOURS: readonly Hours[] = [
  { zone: 'UTC', windows: [{ days: ['sun'], from: '00:00', to: '24:00' }], startsOn: null, endsOn: null },
  { zone: 'UTC', windows: [{ days: ['sun'], from: '12:00', to: '13:00' }], startsOn: null, endsOn: null },
  { zone: 'Asia/Shanghai', windows: [{ days: ['sun'], from: '09:00', to: '20:00' }], startsOn: null, endsOn: null },
  { zone: 'Europe/Berlin', windows: [{ days: ['mon'], from: '22:00', to: '06:00' }], startsOn: null, endsOn: null },
];
export const cloudSchedule = (n: number): fc.Arbitrary<CloudSchedule> =>
  fc.constantFrom(...HOURS).map((hours) => ({ ...hours, id: idOf('schedule', n) }));

const serviceIds = nums(2).map((n) => idOf('service', n));
export const cloudService = (n: number): fc.Arbitrary<CloudService> =>
  fc
    .uniqueArray(fc.constantFrom(...SERVICES), { minLength: 1, maxLength: 2 })
    .map((services) => ({ id: idOf('service', n), services }));

/** What gateways are asked to end. */
const BLOCKS: readonly Blocks[] = [
  { applications: ['SSH'], names: [], risks: [] },
  { applications: [], names: ['*.example.com'], risks: ['tls-missing-sni'] },
];

const rule = (num: number): fc.Arbitrary<Rule> =>
  fc
    .record({
      enabled: fc.constantFrom(true, true, true, false),
      action: fc.constantFrom<Action>(
        ...(['allow', 'allow', 'allow', 'allow', 'deny', 'reject', 'pass', 'pass', 'inspect'] as const),
      ),
      from: peer,
      to: peer,
      services: some(SERVICES, 3),
      namedServiceIds: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Id[]>([]) },
        { weight: 1, arbitrary: some([...SERVICE_CATALOGUE.slice(0, 17).map(({ id }) => id), ...serviceIds], 2) },
      ),
      expiresAt,
      log: fc.boolean(),
      logSampling: fc.constantFrom(null, null, null, 0, 1, 3),
      gateways: fc.integer({ min: 1, max: 2 }),
      onFailure: fc.constantFrom(...ON_FAILURE),
      blocks: fc.constantFrom(undefined, undefined, undefined, ...BLOCKS),
      staged: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      scheduleId: fc.oneof(
        { weight: 9, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constantFrom(idOf('schedule', 1), idOf('schedule', 2)) },
      ),
      mirror: fc.constantFrom(0, 0, 1, 2),
      limits: fc.oneof({ weight: 11, arbitrary: fc.constant(UNLIMITED) }, { weight: 1, arbitrary: ruleLimits }),
    })
    .map(({ gateways, onFailure, blocks, mirror, limits, ...fields }) => ({
      ...RULE_DEFAULTS,
      ...fields,
      ...(fields.action === 'inspect' && {
        inspect: { ...gatewayLink(gateways, onFailure), next: laterLinks(num, gateways), ...(blocks && { blocks }) },
      }),
      ...(['allow', 'inspect'].includes(fields.action) && {
        mirrorId: mirror === 0 ? null : idOf('mirror', mirror),
        limits,
      }),
      id: idOf('rule', num),
      num,
      name: `rule ${num}`,
    }));

/** What follows the first group: by the rule's number, so that most rules that inspect are alike. */
const LATER: readonly (readonly OnFailure[])[] = [
  [],
  [],
  [],
  ['closed'],
  [],
  [],
  [],
  ['open', 'closed'],
  [],
  [],
  ['open'],
];
const laterLinks = (num: number, first: number) =>
  LATER[num % LATER.length]!.map((onFailure, n) => gatewayLink(((first + n) % 3) + 1, onFailure));

function gatewayLink(groupNum: number, onFailure: OnFailure) {
  return { groupId: idOf('gateways', groupNum), groupNum, onFailure };
}

export const cloudPolicy = (n: number): fc.Arbitrary<CloudPolicy> =>
  fc
    .record({
      place: fc.oneof(
        {
          weight: 2,
          arbitrary: fc.record({
            tier: fc.constant<Tier>('tenant'),
            tenantId: fc.constantFrom(idOf('tenant', 1), ...tenantIds),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            tier: fc.constantFrom<Tier>('emergency', 'platform', 'baseline'),
            tenantId: fc.constant(null),
          }),
        },
      ),
      order: fc.integer({ min: 0, max: 2 }),
      enabled: fc.constantFrom(true, true, true, false),
      count: fc.integer({ min: 0, max: 4 }),
      rules: fc.tuple(...nums(4).map((i) => rule(100 + n * 10 + i))),
    })
    .map(({ place, order, enabled, count, rules }) => ({
      id: idOf('policy', n),
      ...place,
      order,
      enabled,
      rules: rules.slice(0, count),
    }));

/** Some of `n` rows of a kind, each with its own number. */
const upTo = <T>(n: number, make: (n: number) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.tuple(fc.integer({ min: 1, max: n }), ...nums(n).map(make)).map(([count, ...rows]) => rows.slice(0, count) as T[]);

export const cloudState: fc.Arbitrary<CloudState> = fc.record({
  tenants: upTo(3, tenant),
  networks: fc.constant(NETWORKS),
  vms: upTo(6, cloudVm),
  groups: upTo(4, cloudGroup),
  addressSets: upTo(3, cloudAddressSet),
  schedules: upTo(2, cloudSchedule),
  namedServices: upTo(2, cloudService),
  policies: upTo(4, cloudPolicy),
  limits: upTo(3, cloudLimit),
});

/** The same with half of the rules staged, as whatever they are or as denials. */
export const stagedState: fc.Arbitrary<CloudState> = fc
  .tuple(
    cloudState,
    fc.array(fc.constantFrom(null, null, {}, { action: 'deny' as const }), { minLength: 5, maxLength: 5 }),
  )
  .map(([cloud, staging]) => ({
    ...cloud,
    policies: cloud.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.map((rule) => {
        const staged = staging[rule.num % staging.length];
        return staged ? { ...rule, ...staged, staged: true } : rule;
      }),
    })),
  }));
