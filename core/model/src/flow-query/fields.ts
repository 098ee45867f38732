import { INSPECTION_OUTCOMES } from '../flow.ts';

/** Kinds of things that fields name by an id, and people by a name. */
export const NAMED_THINGS = ['vm', 'tenant', 'group', 'network', 'host', 'gateway', 'policy', 'rule'] as const;
export type NamedThing = (typeof NAMED_THINGS)[number];

/** What a field's values are, and so which operators and values go with it. */
export type FieldKind =
  | {
      readonly kind:
        | 'address'
        | 'id'
        | 'text'
        | 'word'
        | 'country'
        | 'asn'
        | 'protocol'
        | 'flag'
        | 'risk'
        | 'signature';
    }
  /** Whole numbers up to a greatest one: plain, bytes, milliseconds. */
  | { readonly kind: 'number' | 'size' | 'duration'; readonly max: number }
  | { readonly kind: 'instant' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** `nums`: may be given by its number, too. */
  | { readonly kind: 'named'; readonly thing: NamedThing; readonly nums?: true };

const COUNT = { max: Number.MAX_SAFE_INTEGER } as const;

/** Of either end; with `src.` or `dst.` before it, of that end. */
const END_FIELDS = {
  ip: { kind: 'address' },
  port: { kind: 'number', max: 65_535 },
  mac: { kind: 'text' },
  vm: { kind: 'named', thing: 'vm' },
  vnic: { kind: 'id' },
  tenant: { kind: 'named', thing: 'tenant' },
  /** By the vNICs that are in it when it is asked: a flow is recorded with its vNIC, not with the groups that had it. */
  group: { kind: 'named', thing: 'group' },
  /** Of addresses outside of the cloud. */
  country: { kind: 'country' },
  asn: { kind: 'asn' },
} as const satisfies Record<string, FieldKind>;
export type EndField = keyof typeof END_FIELDS;

const OTHER_FIELDS = {
  verdict: { kind: 'choice', choices: ['allow', 'deny'] },
  protocol: { kind: 'protocol' },
  /** When it was last seen. */
  time: { kind: 'instant' },
  start: { kind: 'instant' },
  duration: { kind: 'duration', ...COUNT },
  /** In both directions. */
  bytes: { kind: 'size', ...COUNT },
  packets: { kind: 'number', ...COUNT },
  'sent.bytes': { kind: 'size', ...COUNT },
  'sent.packets': { kind: 'number', ...COUNT },
  'reply.bytes': { kind: 'size', ...COUNT },
  'reply.packets': { kind: 'number', ...COUNT },
  'tcp.flags': { kind: 'flag' },
  'icmp.type': { kind: 'number', max: 255 },
  'icmp.code': { kind: 'number', max: 255 },
  network: { kind: 'named', thing: 'network' },
  host: { kind: 'named', thing: 'host' },
  point: { kind: 'choice', choices: ['egress', 'ingress', 'beside'] },
  rule: { kind: 'named', thing: 'rule', nums: true },
  policy: { kind: 'named', thing: 'policy' },
  tier: { kind: 'word' },
  revision: { kind: 'number', ...COUNT },
  /** What staged rules would make of it; `differs`: another verdict than it has. */
  pending: { kind: 'choice', choices: ['allow', 'deny', 'differs'] },
  'pending.rule': { kind: 'named', thing: 'rule', nums: true },
  inspection: { kind: 'choice', choices: INSPECTION_OUTCOMES },
  gateway: { kind: 'named', thing: 'gateway' },
  application: { kind: 'word' },
  /** That was asked for or spoken to (DNS, TLS, HTTP). */
  name: { kind: 'text' },
  risk: { kind: 'risk' },
  /** A rule of an intrusion detection, by its `sid`; 0 is an anomaly. */
  signature: { kind: 'signature' },
  blocked: { kind: 'choice', choices: ['application', 'name', 'risk'] },
} as const satisfies Record<string, FieldKind>;

export type Side = 'src' | 'dst';
export type FlowFieldName = EndField | `${Side}.${EndField}` | keyof typeof OTHER_FIELDS;

const sided = (side: Side) =>
  Object.fromEntries(Object.entries(END_FIELDS).map(([name, kind]) => [`${side}.${name}`, kind])) as Record<
    `${Side}.${EndField}`,
    FieldKind
  >;

/** Every field of the language, in the order in which people are told of them. */
export const FLOW_FIELDS: Readonly<Record<FlowFieldName, FieldKind>> = Object.freeze({
  ...sided('src'),
  ...sided('dst'),
  ...END_FIELDS,
  ...OTHER_FIELDS,
});
export const FLOW_FIELD_NAMES = Object.keys(FLOW_FIELDS) as readonly FlowFieldName[];

/** Fields that each flow has one value of, or none, and that many flows share. */
export const FLOW_GROUP_FIELDS = [
  'src.ip',
  'src.port',
  'src.vm',
  'src.tenant',
  'src.country',
  'src.asn',
  'dst.ip',
  'dst.port',
  'dst.vm',
  'dst.tenant',
  'dst.country',
  'dst.asn',
  'protocol',
  'network',
  'host',
  'verdict',
  'rule',
  'policy',
  'pending.rule',
  'inspection',
  'gateway',
  'application',
  'name',
  'blocked',
] as const satisfies readonly FlowFieldName[];
export type FlowGroupField = (typeof FLOW_GROUP_FIELDS)[number];

/** Where VMs run, and through which gateways they speak, is the provider's. */
const PROVIDERS_FIELDS: readonly FlowFieldName[] = ['host', 'gateway'];
export const TENANT_FLOW_FIELDS = FLOW_FIELD_NAMES.filter((name) => !PROVIDERS_FIELDS.includes(name));

/** Whose a field is: of an end, of both, or of the flow. */
export function endOf(field: FlowFieldName): { readonly field: EndField; readonly sides: readonly Side[] } | null {
  const [side, rest] = field.split('.');
  if (field in END_FIELDS) return { field: field as EndField, sides: ['src', 'dst'] };
  return (side === 'src' || side === 'dst') && rest! in END_FIELDS ? { field: rest as EndField, sides: [side] } : null;
}

/** Flags of TCP by their bit (RFC 9293 3.1). */
export const TCP_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const;

/** Protocols that have a name here; any is known by its number (IANA, Protocol Numbers). */
export const PROTOCOL_NUMBERS = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
} as const;

/** Which operators go with values of a kind. */
export function operatorsOf({ kind }: FieldKind): readonly FlowOperator[] {
  switch (kind) {
    case 'number':
    case 'size':
    case 'duration':
      return ['=', '!=', '<', '<=', '>', '>=', 'in'];
    case 'instant':
      return ['<', '<=', '>', '>='];
    case 'text':
    case 'named':
      return ['=', '!=', 'contains', 'prefix', 'in'];
    default:
      return ['=', '!=', 'in'];
  }
}

export const FLOW_OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'prefix'] as const;
export type FlowOperator = (typeof FLOW_OPERATORS)[number];
