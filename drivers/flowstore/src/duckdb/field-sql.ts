import { type EndField, endOf, type FlowFieldName, type FlowGroupField } from '@hypervigil/model';
import type { OwnerPart } from './owners.ts';

/** Where a field's value stands: a column, the two of an address, bits of a number, or a list. All of it is written here, nothing comes from outside. */
export interface FieldSql {
  readonly sql: string;
  readonly holds: 'value' | 'address' | 'bits' | 'list';
  /** Where it is a part of an end's owner. */
  readonly owner?: OwnerPart;
}

const value = (sql: string): FieldSql => ({ sql, holds: 'value' });

type OwnField = Exclude<FlowFieldName, EndField | `src.${EndField}` | `dst.${EndField}`>;

/** The same in every update of a flow. */
const OF_UPDATES = {
  verdict: value('verdict'),
  protocol: value('protocol'),
  start: value('start_ms'),
  'icmp.type': value('icmp_type'),
  'icmp.code': value('icmp_code'),
  network: value('network'),
  host: value('host'),
  point: value('point'),
  rule: value('rule_num'),
  policy: value('policy'),
  tier: value('tier'),
} satisfies Partial<Record<OwnField, FieldSql>>;

const PENDING = "struct_extract(pending, 'verdict')";
const APPLICATION = "struct_extract(recognised, 'application')";

const FIRST_GATEWAY = "struct_extract(inspection, 'id')";
/** As `later-gateways.ts` writes them; none is no list. */
const LATER_GATEWAYS = "coalesce(regexp_extract_all(struct_extract(inspection, 'later'), ':([^ ]+)', 1), [])";
const GATEWAYS = `nullif(list_filter(list_concat([${FIRST_GATEWAY}], ${LATER_GATEWAYS}), lambda id: id IS NOT NULL), [])`;

/** Known of the sum of a flow's updates alone; the names are those of `judged.ts`. */
const OF_FLOWS: Omit<Record<OwnField, FieldSql>, keyof typeof OF_UPDATES> = {
  time: value('last_ms'),
  duration: value('(last_ms - start_ms)'),
  bytes: value('(bytes + reply_bytes)'),
  packets: value('(packets + reply_packets)'),
  'sent.bytes': value('bytes'),
  'sent.packets': value('packets'),
  'reply.bytes': value('reply_bytes'),
  'reply.packets': value('reply_packets'),
  'tcp.flags': { sql: 'CAST(tcp_flags AS UBIGINT)', holds: 'bits' },
  revision: value('revision'),
  pending: {
    sql: `CASE WHEN ${PENDING} IS NOT NULL THEN [${PENDING}, CASE WHEN ${PENDING} <> verdict THEN 'differs' END] END`,
    holds: 'list',
  },
  'pending.rule': value("struct_extract(pending, 'rule_num')"),
  inspection: value("struct_extract(inspection, 'outcome')"),
  gateway: { sql: GATEWAYS, holds: 'list' },
  application: { sql: `string_split(lower(${APPLICATION}), '.')`, holds: 'list' },
  name: value("struct_extract(recognised, 'name')"),
  risk: { sql: "struct_extract(recognised, 'risks')", holds: 'bits' },
  // As `signatures.ts` writes them: within a message the quotes are escaped.
  signature: { sql: `regexp_extract_all(signatures, '"id":([0-9]+),', 1)`, holds: 'list' },
  blocked: value("struct_extract(blocked, 'blocked_by')"),
};

/** What a gateway says of a flow; of a connection between two hosts, one of the two knows. */
export const INSPECTION_FIELDS: readonly FlowFieldName[] = [
  'inspection',
  'gateway',
  'application',
  'name',
  'risk',
  'signature',
  'blocked',
];

/** One for each end that the field speaks of; none for what an update does not tell. */
export function rowSql(field: FlowFieldName): readonly FieldSql[] {
  const end = endOf(field);
  if (end !== null) {
    // A group was looked up to the vNICs in it.
    const column = end.field === 'group' ? 'vnic' : end.field;
    return end.sides.map((side) => ({
      sql: `${side}_${column}`,
      holds: column === 'ip' ? 'address' : 'value',
      ...(isOwnerPart(column) && { owner: { side, part: column } }),
    }));
  }
  return field in OF_UPDATES ? [OF_UPDATES[field as keyof typeof OF_UPDATES]] : [];
}

const isOwnerPart = (field: EndField): field is OwnerPart['part'] =>
  field === 'vm' || field === 'vnic' || field === 'tenant';

export function flowSql(field: FlowFieldName): readonly FieldSql[] {
  const rows = rowSql(field);
  return rows.length > 0 ? rows : [OF_FLOWS[field as keyof typeof OF_FLOWS]];
}

/** What flows can be grouped by: a value of each flow, by its column. */
const GROUP_SQL: Readonly<Record<FlowGroupField, string>> = {
  'src.ip': 'src_ip',
  'src.port': 'src_port',
  'src.vm': 'src_vm',
  'src.tenant': 'src_tenant',
  'dst.ip': 'dst_ip',
  'dst.port': 'dst_port',
  'dst.vm': 'dst_vm',
  'dst.tenant': 'dst_tenant',
  protocol: 'protocol',
  network: 'network',
  host: 'host',
  verdict: 'verdict',
  rule: 'rule_num',
  policy: 'policy',
  'pending.rule': OF_FLOWS['pending.rule'].sql,
  inspection: OF_FLOWS.inspection.sql,
  gateway: FIRST_GATEWAY,
  application: APPLICATION,
  name: OF_FLOWS.name.sql,
  blocked: OF_FLOWS.blocked.sql,
};

export const groupSql = (field: FlowGroupField): string => GROUP_SQL[field];
