import { FLOW_KEY } from '../sql/names.ts';
import { OWNER_PARTS } from './owners.ts';

const FLOW_ID = `printf('%016x', hash(${FLOW_KEY}))`;

/** Ids may be learnt after a flow began: `any_value` takes one that is known, and of owners the one that is known best is the greatest. */
const FLOW_FACTS = [
  'network',
  'protocol',
  'src_ip',
  'src_ip_hi',
  'src_ip_lo',
  'src_port',
  'dst_ip',
  'dst_ip_hi',
  'dst_ip_lo',
  'dst_port',
  'icmp_type',
  'icmp_code',
  'rule',
  'policy',
  'tier',
  'src_country',
  'src_asn',
  'dst_country',
  'dst_asn',
];

/** The sums of the updates of a source, as each host judged them; what follows narrows the updates. */
export const flowsOf = (source: string, where: string) => `
  SELECT *, ${OWNER_PARTS} FROM (SELECT ${FLOW_ID} AS id, ${FLOW_KEY}, max(end_ms) AS last_ms, max(revision) AS revision,
    ${FLOW_FACTS.map((name) => `any_value(${name}) AS ${name}`).join(', ')},
    max(src_owner) AS src_owner, max(dst_owner) AS dst_owner,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(reply_bytes) AS reply_bytes, sum(reply_packets) AS reply_packets,
    bit_or(tcp_flags) AS tcp_flags,
    arg_max({ verdict: pending_verdict, rule_num: pending_rule_num, rule: pending_rule, policy: pending_policy }, end_ms)
      FILTER (pending_verdict IS NOT NULL) AS pending,
    arg_max({ outcome: inspection, num: gateway_num, id: gateway, later: later_gateways }, end_ms)
      FILTER (inspection IS NOT NULL) AS inspection,
    arg_max({ application: application, name: server_name, risks: risks }, end_ms) FILTER (application IS NOT NULL)
      AS recognised,
    arg_max(signatures, end_ms) FILTER (signatures IS NOT NULL) AS signatures,
    arg_max({ blocked_by: blocked_by, what: blocked_what }, end_ms) FILTER (blocked_by IS NOT NULL) AS blocked
  FROM ${source} WHERE ${where} GROUP BY ${FLOW_KEY})`;

/**
 * A connection between two hosts is judged where it leaves and again where it arrives. Where both said the same, about
 * the same time (their clocks differ, and so does the moment of the first packet), the first says it all.
 */
export const FIRST_JUDGED = `point = 'egress' OR count(*) FILTER (point = 'egress') OVER both_hosts = 0`;
export const BOTH_HOSTS = `both_hosts AS (
  PARTITION BY network, protocol, src_ip, src_port, dst_ip, dst_port, icmp_type, verdict, rule_num
  ORDER BY start_ms RANGE BETWEEN 5000 PRECEDING AND 5000 FOLLOWING)`;
/** One of the two hosts inspects, and it may be the other. */
const INSPECTION = ['inspection', 'recognised', 'signatures', 'blocked'];
const from = (point: 'egress' | 'ingress', name: string) =>
  `any_value(${name}) FILTER (point = '${point}') OVER both_hosts`;
/** The first judged knows what either knows. */
export const INSPECTED = INSPECTION.map((name) => `coalesce(${name}, ${from('ingress', name)}) AS ${name}`).join(', ');
/** Both know it. */
export const INSPECTED_BY_EITHER = INSPECTION.map(
  (name) =>
    `coalesce(${name}, CASE point WHEN 'egress' THEN ${from('ingress', name)} ELSE ${from('egress', name)} END) AS ${name}`,
).join(', ');
