import { COUNTERS, FLOW_KEY } from '../sql/names.ts';
import { type Gathered, given, summed } from './summed.ts';

const KEYS = FLOW_KEY.split(', ');

/** Ids may be learnt after a flow began: `any` takes one that is known. */
const FACTS = [
  ...['network', 'protocol', 'src_ip_hi', 'src_ip_lo', 'src_port', 'dst_ip_hi', 'dst_ip_lo', 'dst_port', 'icmp_type'],
  ...['icmp_code', 'rule', 'policy', 'tier'],
  ...['src', 'dst'].flatMap((side) =>
    ['mac', 'vm', 'vnic', 'tenant', 'country', 'asn'].map((part) => `${side}_${part}`),
  ),
];

/** What was said last, all of it by one update, where `known`. */
const last = (parts: string, known: string) => `argMaxIf(tuple(${parts}), end_ms, isNotNull(${known}))`;

const SAID_LAST = {
  pending: last('pending_verdict, pending_rule_num, pending_rule, pending_policy', 'pending_verdict'),
  inspection: last('inspection, gateway_num, gateway, later_gateways', 'inspection'),
  recognised: last('application, server_name, risks, folded_name', 'application'),
  signatures: 'argMax(signatures, end_ms)',
  blocked: last('blocked_by, blocked_what', 'blocked_by'),
};

const SUMS: Gathered = {
  last_ms: 'max(end_ms)',
  revision: 'max(revision)',
  ...Object.fromEntries(FACTS.map((name) => [name, `any(${name})`])),
  ...Object.fromEntries(COUNTERS.map((name) => [name, `sum(${name})`])),
  tcp_flags: 'groupBitOr(tcp_flags)',
  ...SAID_LAST,
};

/** Of a flow that was summed. */
const COLUMNS = [...KEYS, ...Object.keys(SUMS)];

const summedFlows = (updates: string): string => summed(updates, KEYS, SUMS);

/** The sums of updates, as each host judged them. */
export const flowsOf = (updates: string): string =>
  `SELECT ${COLUMNS.map((name) => `${given(name)} AS ${name}`).join(', ')} FROM (${summedFlows(updates)})`;

/** About the same time: hosts' clocks differ, and so does the moment of the first packet. */
const WINDOW_MS = 5000;
const CONNECTION = [
  ...['network', 'protocol', 'src_ip_hi', 'src_ip_lo', 'src_port', 'dst_ip_hi', 'dst_ip_lo', 'dst_port', 'icmp_type'],
  ...['verdict', 'rule_num'],
];
/** One of the two hosts inspects, and it may be the other. `known` tells of a value whether it is one. */
const INSPECTION: readonly { readonly name: string; readonly known: (sql: string) => string }[] = [
  ...['inspection', 'recognised', 'blocked'].map((name) => ({
    name,
    known: (sql: string) => `isNotNull(tupleElement(${sql}, 1))`,
  })),
  { name: 'signatures', known: (sql) => `isNotNull(${sql})` },
];
const said = `tuple(${['start_ms', ...INSPECTION.map(({ name }) => name)].map(given).join(', ')})`;
const anything = INSPECTION.map(({ name, known }) => known(given(name))).join(' OR ');
const saidAt = (point: string) => `groupArrayIf(${said}, _point = '${point}' AND (${anything}))`;

/** Of a flow of a connection. */
const of = (name: string) => `tupleElement(flow, ${COLUMNS.indexOf(name) + 1})`;
const isFirst = `${of('point')} = 'egress'`;
const near = (moment: string) => `abs(${moment} - ${of('start_ms')}) <= ${WINDOW_MS}`;
/** Always so. Version 18 leaves a column out that only a function within a function speaks of, so each of these speaks of it once more. */
const SPOKEN_OF = `${of('start_ms')} >= 0`;

/** What a flow's own host knows, or the other one. */
function knownOf({ name, known }: (typeof INSPECTION)[number], n: number): string {
  const said = `tupleElement(x, ${n + 2})`;
  const others = `if(${isFirst}, _arrived_said, _left_said)`;
  const other = `arrayFirst(x -> ${near('tupleElement(x, 1)')} AND ${known(said)}, ${others})`;
  return `if(${known(of(name))} OR NOT ${SPOKEN_OF}, ${of(name)}, tupleElement(${other}, ${n + 2}))`;
}

/**
 * Flows as either of two hosts knows them, and whether a flow is the `first_judged`: a connection between two hosts is judged where it
 * leaves and again where it arrives. Where both said the same, about the same time, the first says it all.
 */
export function judgedFlows(updates: string): string {
  const grouped = summed(
    `(${summedFlows(updates)})`,
    Object.fromEntries(CONNECTION.map((name) => [`of_${name}`, given(name)])),
    {
      flows: `groupArray(tuple(${COLUMNS.map(given).join(', ')}))`,
      left: "groupArrayIf(_start_ms, _point = 'egress')",
      left_said: saidAt('egress'),
      arrived_said: saidAt('ingress'),
    },
  );
  const all: Gathered = {
    ...Object.fromEntries(COLUMNS.map((name) => [name, of(name)])),
    ...Object.fromEntries(INSPECTION.map((one, n) => [one.name, knownOf(one, n)])),
    id: `lower(hex(sipHash64(${KEYS.map(of).join(', ')})))`,
    first_judged: `${isFirst} OR (${SPOKEN_OF} AND NOT arrayExists(x -> ${near('x')}, _left))`,
  };
  const columns = Object.entries(all).map(([name, sql]) => `${sql} AS ${name}`);
  return `SELECT ${columns.join(', ')} FROM (${grouped}) ARRAY JOIN _flows AS flow`;
}
