import { type EndField, endOf, type FlowFieldName, type FlowGroupField } from '@hypervigil/model';
import type { Dialect, OwnerPart } from './dialect.ts';

/** Where a field's value stands: a column, the two of an address, bits of a number, or a list. All of it is written here, nothing comes from outside. */
export interface FieldSql {
  readonly sql: string;
  readonly holds: 'value' | 'address' | 'bits' | 'list';
  /** Where it is a part of an end's owner. */
  readonly owner?: OwnerPart;
  /** Of a text, itself in lower case. */
  readonly folded?: string;
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

/** Known of the sum of a flow's updates alone. */
function ofFlows(dialect: Dialect): Omit<Record<OwnField, FieldSql>, keyof typeof OF_UPDATES> {
  const { said, list } = dialect;
  const name = said.recognised('name');
  return {
    time: value('last_ms'),
    duration: value('(last_ms - start_ms)'),
    bytes: value('(bytes + reply_bytes)'),
    packets: value('(packets + reply_packets)'),
    'sent.bytes': value('bytes'),
    'sent.packets': value('packets'),
    'reply.bytes': value('reply_bytes'),
    'reply.packets': value('reply_packets'),
    'tcp.flags': { sql: dialect.wide('tcp_flags'), holds: 'bits' },
    revision: value('revision'),
    pending: { sql: list.pending, holds: 'list' },
    'pending.rule': value(said.pending('rule_num')),
    inspection: value(said.inspection('outcome')),
    gateway: { sql: list.gateways, holds: 'list' },
    application: { sql: list.applications, holds: 'list' },
    name: { ...value(name), folded: dialect.foldedName(name) },
    risk: { sql: said.recognised('risks'), holds: 'bits' },
    signature: { sql: list.signatures, holds: 'list' },
    blocked: value(said.blocked('blocked_by')),
  };
}

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

export const flowSql =
  (dialect: Dialect) =>
  (field: FlowFieldName): readonly FieldSql[] => {
    const rows = rowSql(field);
    const flows = ofFlows(dialect);
    return rows.length > 0 ? rows : [flows[field as keyof typeof flows]];
  };

/** What flows can be grouped by: a value of each flow, by its column. */
export function groupSql({ said, address }: Dialect, field: FlowGroupField): string {
  switch (field) {
    case 'src.ip':
      return address('src');
    case 'dst.ip':
      return address('dst');
    case 'pending.rule':
      return said.pending('rule_num');
    case 'inspection':
      return said.inspection('outcome');
    case 'gateway':
      return said.inspection('id');
    case 'application':
    case 'name':
      return said.recognised(field);
    case 'blocked':
      return said.blocked('blocked_by');
    case 'rule':
      return 'rule_num';
    default:
      return field.replace('.', '_');
  }
}
