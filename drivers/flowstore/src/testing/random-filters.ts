import {
  FLOW_FIELD_NAMES,
  FLOW_FIELDS,
  type FlowFieldName,
  type NamesOf,
  operatorsOf,
  quotedInFlowQuery,
} from '@hypervigil/model';
import fc from 'fast-check';
import type { FlowRow } from '../flow.ts';
import { sampleRow, T0 } from './sample-flows.ts';

/** Few values of each kind, so that random filters find something of random flows. */
const IPS = ['10.0.0.7', '10.0.0.8', '10.1.0.1', '198.51.100.4', '2001:db8::7', 'fd00::1', ''];
const PORTS = [0, 22, 53, 443, 40_000, 65_535];
const IDS = ['a', 'b', 'c'];
/** vNICs of the groups that are called like {@link IDS}. */
const GROUPS = [['a', 'b'], ['b'], []];
const MESSAGES = ['probe', '","id":7,', '"id":8,\\"id\\":7,', 'x,"id":2210000,"'];
const NAMES = ['www.Example.com', 'İstanbul.example', 'ΣΟΦΟΣ', "o'b%_\\", 'db'];
const COUNTRIES = ['CN', 'DE'];
const ASNS = [0, 64_500, 0xffff_ffff];
const APPLICATIONS = ['TLS', 'DNS', 'Wikipedia'];
const SIZES = [0, 1, 999, 1000, 1_000_000, Number.MAX_SAFE_INTEGER];

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const end = fc.record({
  ip: pick(IPS),
  port: pick(PORTS),
  mac: maybe(pick(['52:54:00:00:00:07', '52:54:00:00:00:0A'])),
  vmId: maybe(pick(IDS)),
  vnicId: maybe(pick(IDS)),
  tenantId: maybe(pick(IDS)),
  country: fc.option(pick(COUNTRIES), { nil: undefined }),
  asn: fc.option(pick(ASNS), { nil: undefined }),
});

const signature = fc.record({
  id: pick([0, 7, 8, 70, 2_210_000, 0xffff_ffff]),
  revision: pick([0, 7]),
  message: pick(MESSAGES),
  category: pick(['', 'id']),
  severity: pick([1, 7]),
  application: maybe(pick(['http'])),
  at: fc.constant('2026-01-15T12:00:00.000Z'),
});

const inspection = fc
  .record({
    outcome: pick(['through', 'copied'] as const),
    gatewayNum: fc.constant(1),
    gatewayId: maybe(pick(IDS)),
    later: fc.array(fc.record({ gatewayNum: fc.constant(2), gatewayId: maybe(pick(IDS)) }), { maxLength: 2 }),
    applications: fc.uniqueArray(pick(APPLICATIONS), { minLength: 1, maxLength: 2 }),
    name: maybe(pick(NAMES)),
    risks: fc.uniqueArray(pick([0, 5, 36, 63]), { maxLength: 2 }).map((risks) => risks.sort((a, b) => a - b)),
    blocked: maybe(fc.record({ by: pick(['name', 'risk'] as const), what: fc.constant('x') })),
    signatures: fc.array(signature, { maxLength: 3 }),
  })
  .map(({ gatewayNum, gatewayId, later, ...one }) => ({
    ...{ gatewayNum, gatewayId, ...one },
    ...{ gateways: [{ gatewayNum, gatewayId }, ...later] },
  }));

const pending = fc.record({
  verdict: pick(['allow', 'deny'] as const),
  ruleNum: pick([7, 100]),
  ruleId: fc.constant(null),
  policyId: fc.constant(null),
});

/** What of a flow no update changes. */
const identity = fc.record({
  hostId: pick(IDS),
  networkId: maybe(pick(IDS)),
  protocol: pick([1, 6, 17, 255]),
  src: end,
  dst: end,
  icmpType: maybe(pick([0, 8])),
  icmpCode: maybe(pick([0, 255])),
  verdict: pick(['allow', 'deny'] as const),
  ruleNum: pick([1, 7, 100]),
  policyId: maybe(pick(IDS)),
  tier: maybe(pick(['tenant', 'platform'])),
  startMs: pick([T0 - 3_600_000, T0, T0 + 500]),
});

const update = fc.record({
  pending: maybe(pending),
  inspection: maybe(inspection),
  revision: pick([1, 2]),
  bytes: pick(SIZES.slice(0, 5)),
  packets: pick([0, 1, 10]),
  replyBytes: pick(SIZES.slice(0, 5)),
  replyPackets: pick([0, 1, 10]),
  tcpFlags: pick([0, 2, 0x12, 0x1b, 0xff]),
  afterMs: pick([1, 1000, 60_000]),
});

/** Flows with their updates, all judged at one point: where two hosts judged a connection, one stands for both. */
export const randomFlows: fc.Arbitrary<FlowRow[]> = fc
  .tuple(
    pick(['egress', 'ingress'] as const),
    fc.array(fc.tuple(identity, fc.array(update, { minLength: 1, maxLength: 3 })), { maxLength: 40 }),
  )
  .map(([point, flows]) =>
    flows.flatMap(([same, updates], n) =>
      // Each update has a moment of its own, so that what was said last is one thing.
      updates.map(({ afterMs, ...one }, i) =>
        sampleRow({ ...same, ...one, point, key: `${n}`, endMs: same.startMs + (i + 1) * 100_000 + afterMs }),
      ),
    ),
  );

const values = (field: FlowFieldName): readonly string[] => {
  const kind = FLOW_FIELDS[field];
  switch (kind.kind) {
    case 'address':
      return ['10.0.0.7', '10.0.0.0/8', '0.0.0.0/0', '::/0', 'fd00::/8', '198.51.', '2001:db8::7'];
    case 'id':
      return ['00000000-0000-4000-8000-000000000001'];
    case 'text':
      return [...NAMES, 'EXAMPLE', 'i', 'σ', '%', "'", '52:54:00:00:00:07', '0a'].map(quotedInFlowQuery);
    case 'word':
      return [...APPLICATIONS, 'tenant', "'; drop table flow_updates; --"].map(quotedInFlowQuery);
    case 'choice':
      return kind.choices;
    case 'country':
      return [...COUNTRIES, 'cn', 'FR'];
    case 'asn':
      return ['0', 'AS64500', '4294967295'];
    case 'protocol':
      return ['tcp', 'udp', '1', '255'];
    case 'flag':
      return ['syn', 'fin', 'cwr'];
    case 'risk':
      return ['0', '5', 'clear-text-credentials', '63'];
    case 'signature':
      return ['0', '7', '8', '70', '4294967295'];
    case 'named':
      return [...IDS, ...(kind.nums ? ['7', '100', 'default-deny'] : [])];
    case 'instant':
      return ['2026-01-15T12:01:40Z', '2026-01-15', '-1h', 'now'];
    case 'size':
      return ['0', '1', '1kB', '1MB', '9007199254740991'];
    case 'duration':
      return ['0s', '101s', '1h', '100.5s'];
    case 'number':
      return ['0', '8', '10', '53', '100', String(Math.min(kind.max, 65_535))];
  }
};

const test: fc.Arbitrary<string> = pick(FLOW_FIELD_NAMES).chain((field) =>
  pick(operatorsOf(FLOW_FIELDS[field])).chain((operator) => {
    const all = operator === '=' || operator === '!=' ? [...values(field), 'none'] : values(field);
    if (operator !== 'in') return pick(all).map((value) => `${field} ${operator} ${value}`);
    return fc
      .tuple(fc.boolean(), fc.uniqueArray(pick([...all, 'none']), { minLength: 1, maxLength: 3 }))
      .map(([not, some]) => `${field}${not ? ' not' : ''} in (${some.join(', ')})`);
  }),
);

/** Filters as people type them; the names in them are the ids of {@link randomFlows}. */
export const randomFilter: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    test,
    fc.tuple(tie('any'), pick(['and', 'or']), tie('any')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('any').map((one) => `not (${one})`),
  ),
})).any;

/** To look names up with. */
export const namesOf: NamesOf = (thing) =>
  IDS.map((name, n) => ({
    name,
    value: thing === 'rule' ? [1, 7, 100][n]! : name,
    ...(thing === 'group' && { members: GROUPS[n]! }),
  }));
