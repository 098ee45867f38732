import type { Service } from '@hypervigil/model';
import { readYaml } from '../yaml.ts';
import { addressesOf, blocksOf, EVERY4, EVERY6, union } from './addresses.ts';
import { documentOf, type GroupDraft, nameOf, type PeerDraft, type RuleDraft, uniqueNames } from './build.ts';
import type { Importer } from './importer.ts';
import { type At, createReporter, type Reason, type Reporter } from './report.ts';

/**
 * OpenStack security groups: what the Neutron API answers (`security_groups`, with `ports` and `address_groups` if they
 * are there), and what `openstack security group show` and `security group rule list -f json` print.
 *
 * A rule allows; what no rule of any of a port's groups allows, in the direction that it goes, is denied. Both ends are
 * asked: the sender's egress rules, then the receiver's ingress rules. Where a group restricts egress, that takes two
 * tiers: in `platform`, egress passes or is denied; in `baseline`, ingress is allowed or denied.
 * https://docs.openstack.org/api-ref/network/v2/#security-groups-security-groups
 */
export const importOpenstack: Importer = (files, options) => {
  const reporter = createReporter();
  const found: Found = { groups: new Map(), rules: [], ports: [], addressGroups: new Map() };
  for (const file of files) {
    const read = readYaml(file.text);
    if (!read.ok) return { ok: false, file: file.name, mistakes: read.mistakes };
    for (const { value, placeOf } of read.value)
      collect(
        value,
        found,
        (field, source) => ({ file: file.name, line: placeOf(field).line, source }),
        nameOf(file.name),
      );
  }
  return { ok: true, value: { document: build(found, reporter, options), report: reporter.entries() } };
};

interface SourceRule {
  readonly at: At;
  readonly group: string;
  readonly fields: Record<string, unknown>;
}
interface Found {
  /** Name by id. */
  readonly groups: Map<string, { name: string; description: string; at: At }>;
  readonly rules: SourceRule[];
  readonly ports: Record<string, unknown>[];
  readonly addressGroups: Map<string, readonly unknown[]>;
}
type Locate = (field: string, source: string) => At;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Takes what one document of the file has, in whichever of its forms. */
function collect(value: unknown, found: Found, locate: Locate, fileName: string): void {
  const rule = (fields: Record<string, unknown>, path: string, group: string) =>
    found.rules.push({ at: locate(path, describe(fields)), group, fields });
  const group = (fields: Record<string, unknown>, path: string) => {
    const id = textOf(fields['id']) || textOf(fields['name']);
    const name = textOf(fields['name']) || id;
    found.groups.set(id, { name, description: textOf(fields['description']), at: locate(path, name) });
    for (const key of ['security_group_rules', 'rules'])
      for (const [i, one] of list(fields[key]).entries()) rule(one, `${path === '' ? '' : `${path}.`}${key}.${i}`, id);
  };
  if (Array.isArray(value)) {
    // `rule list`: the group is a column of its own, or the one that was asked for and then nowhere.
    value.forEach((one, i) => {
      if (isObject(one))
        rule(one, `${i}`, textOf(one['Security Group']) || textOf(one['security_group_id']) || fileName);
    });
    return;
  }
  if (!isObject(value)) return;
  for (const [i, one] of list(value['security_groups']).entries()) group(one, `security_groups.${i}`);
  if (isObject(value['security_group'])) group(value['security_group'], 'security_group');
  list(value['security_group_rules']).forEach((one, i) => {
    if (!('id' in value && 'name' in value))
      rule(one, `security_group_rules.${i}`, textOf(one['security_group_id']) || fileName);
  });
  if ('rules' in value || ('id' in value && 'name' in value)) group(value, '');
  for (const one of list(value['address_groups']))
    found.addressGroups.set(textOf(one['id']), Array.isArray(one['addresses']) ? one['addresses'] : []);
  found.ports.push(...list(value['ports']));
}

function describe(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([, value]) => ['string', 'number'].includes(typeof value) && value !== '')
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');
}

/** A rule in one form, whatever printed it. */
interface Rule {
  readonly at: At;
  readonly group: string;
  readonly direction: 'ingress' | 'egress';
  readonly family: 4 | 6;
  /** Undefined is every protocol. */
  readonly service: Service | undefined;
  readonly peer: { readonly group: string } | { readonly cidrs: readonly string[] };
  readonly comment: string;
}

function build(found: Found, reporter: Reporter, options: { tenant: string | null; order: number }) {
  const nameOfGroup = uniqueNames();
  const names = new Map<string, string>();
  for (const [id, { name }] of found.groups) names.set(id, nameOfGroup(name));
  for (const { group } of found.rules) if (!names.has(group)) names.set(group, nameOfGroup(group));

  const rules = found.rules.flatMap((rule) => parseRule(rule, found, names, reporter));
  const groups = [...names].map(([id, name]): GroupDraft => {
    const vms = found.ports
      .filter((port) => Array.isArray(port['security_groups']) && port['security_groups'].includes(id))
      .filter((port) => textOf(port['device_owner']).startsWith('compute:') && textOf(port['device_id']) !== '')
      .map((port) => textOf(port['device_id']).slice(0, 255));
    const description = `OpenStack security group. ${found.groups.get(id)?.description ?? ''}`;
    if (found.ports.length > 0) return { name, description, vms: [...new Set(vms)].slice(0, 10_000) };
    const tag = `security-group.${name}`.slice(0, 63);
    const at = found.groups.get(id)?.at ?? found.rules.find(({ group }) => group === id)!.at;
    reporter.approximated(at, { code: 'members-unknown', params: { group: name, tag: `${tag}=yes` } });
    return { name, description, selector: { [tag]: 'yes' } };
  });

  const all = groups.map(({ name }) => name);
  const of = (direction: Rule['direction']) =>
    merge(
      rules.filter((rule) => rule.direction === direction),
      reporter,
    );
  const egress = of('egress');
  const open = new Set(egress.filter(isOpen).map(({ group }) => group));
  const policies = [];
  if (all.some((name) => !open.has(name)))
    policies.push({
      name: 'OpenStack egress',
      tier: 'platform',
      description: 'What the security groups of the sender let out; what passes is decided by those of the receiver.',
      rules: [
        ...egress.map((rule): RuleDraft => draft(rule, 'pass', { from: { groups: [rule.group] }, to: rule.peer })),
        ...each(all, (part) => ({ name: 'no other egress', action: 'deny', from: { groups: part } })),
      ],
    } as const);
  policies.push({
    name: 'OpenStack ingress',
    tier: 'baseline',
    description: 'What the security groups of the receiver let in.',
    rules: [
      ...of('ingress').map(
        (rule): RuleDraft => draft(rule, 'allow', { from: rule.peer, to: { groups: [rule.group] } }),
      ),
      ...each(all, (part) => ({ name: 'no other ingress', action: 'deny', to: { groups: part } })),
      ...each(all, (part) => ({ name: 'egress to elsewhere', action: 'allow', from: { groups: part } })),
    ],
  } as const);
  return documentOf(groups, all.length === 0 ? [] : policies, options);
}

/** A side of a rule has room for 100 groups. */
function each(groups: readonly string[], rule: (part: readonly string[]) => RuleDraft): RuleDraft[] {
  const rules: RuleDraft[] = [];
  for (let i = 0; i < groups.length; i += 100) rules.push(rule(groups.slice(i, i + 100)));
  return rules;
}

interface Merged extends Omit<Rule, 'peer' | 'family'> {
  readonly peer: PeerDraft;
}

const draft = (rule: Merged, action: RuleDraft['action'], sides: Pick<RuleDraft, 'from' | 'to'>): RuleDraft => ({
  name: `${rule.group} ${sayService(rule.service)}`,
  action,
  ...sides,
  services: rule.service ? [rule.service] : [],
  comment: rule.comment,
});

/** Everything, for both IP versions: the egress that a new group has. */
const isOpen = ({ service, peer: { cidrs = [] } }: Merged) =>
  service === undefined && cidrs.includes('0.0.0.0/0') && cidrs.includes('::/0');

/**
 * Rules that differ in the IP version only become one. A group has no IP version here: a rule about
 * a group that has no twin for the other version speaks of that version too, and is reported.
 */
function merge(rules: readonly Rule[], reporter: Reporter): Merged[] {
  const byKey = new Map<string, Rule[]>();
  for (const [i, rule] of rules.entries()) {
    const isAnyone = 'cidrs' in rule.peer && rule.peer.cidrs.join() === (rule.family === 4 ? '0.0.0.0/0' : '::/0');
    const peer = 'group' in rule.peer ? rule.peer.group : isAnyone ? '' : i;
    const key = JSON.stringify([rule.group, rule.service, peer]);
    byKey.set(key, [...(byKey.get(key) ?? []), rule]);
  }
  return [...byKey.values()].map((twins) => {
    const [first] = twins as [Rule, ...Rule[]];
    const families = new Set(twins.map(({ family }) => family));
    const oneFamily = families.size === 1 && !/^icmp/.test(first.service?.protocol ?? '');
    for (const { at, family, peer } of twins) {
      if (!('group' in peer) || !oneFamily) reporter.mapped(at);
      else reporter.approximated(at, { code: 'both-families', params: { family: `IPv${family}` } }, true);
    }
    const cidrs = union(
      twins.flatMap(({ peer }) => ('cidrs' in peer ? peer.cidrs : [])).map((text) => addressesOf(text) ?? []),
    );
    return { ...first, peer: 'group' in first.peer ? { groups: [first.peer.group] } : { cidrs: blocksOf(cidrs) } };
  });
}

function parseRule(
  { at, group, fields }: SourceRule,
  found: Found,
  names: Map<string, string>,
  reporter: Reporter,
): Rule[] {
  const field = (...keys: string[]) =>
    keys.map((key) => fields[key]).find((value) => value !== undefined && value !== null);
  const refuse = (reason: Reason): Rule[] => {
    reporter.notMapped(at, reason);
    return [];
  };
  const direction = textOf(field('direction', 'Direction')).toLowerCase();
  if (direction !== 'ingress' && direction !== 'egress') return refuse({ code: 'no-direction', params: {} });
  const family = textOf(field('ethertype', 'ether_type', 'Ethertype')) === 'IPv6' ? 6 : 4;
  const service = serviceOf(fields, family);
  if (service !== undefined && 'params' in service) return refuse(service);

  const common = {
    at,
    group: names.get(group)!,
    direction,
    family,
    service,
    comment: textOf(field('description')),
  } as const;
  const remote = textOf(field('remote_group_id', 'Remote Security Group'));
  if (remote !== '') {
    const [id = remote] = [...found.groups].find(([, { name }]) => name === remote) ?? [];
    const name = names.get(remote) ?? names.get(id);
    if (name === undefined) return refuse({ code: 'unknown-group', params: { name: remote } });
    return [{ ...common, peer: { group: name } }];
  }
  const addressGroup = textOf(field('remote_address_group_id', 'Remote Address Group'));
  const prefix = textOf(field('remote_ip_prefix', 'IP Range')) || (family === 4 ? '0.0.0.0/0' : '::/0');
  const members = addressGroup === '' ? [prefix] : found.addressGroups.get(addressGroup);
  if (members === undefined) return refuse({ code: 'unknown-set', params: { name: addressGroup } });
  const parsed = members.map((text) => addressesOf(textOf(text)));
  if (parsed.some((one) => one === undefined)) return refuse({ code: 'unreadable', params: { what: prefix } });
  const every = family === 4 ? EVERY4 : EVERY6;
  const blocks = blocksOf(union(parsed.map((one) => one!.filter((range) => range.family === every[0]!.family))));
  return [{ ...common, peer: { cidrs: blocks } }];
}

/** The names that Neutron takes for protocols besides numbers (neutron-lib, constants.IP_PROTOCOL_MAP). */
const NUMBERS: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  igmp: 2,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  udplite: 136,
  vrrp: 112,
};
const NAMED: Readonly<Record<string, 'tcp' | 'udp' | 'sctp' | 'icmp' | 'icmpv6'>> = {
  ...{
    tcp: 'tcp',
    udp: 'udp',
    sctp: 'sctp',
    icmp: 'icmp',
    icmpv6: 'icmpv6',
    'ipv6-icmp': 'icmpv6',
    ipv6_icmp: 'icmpv6',
  },
  ...{ 6: 'tcp', 17: 'udp', 132: 'sctp', 1: 'icmp', 58: 'icmpv6' },
};

function serviceOf(fields: Record<string, unknown>, family: 4 | 6): Service | Reason | undefined {
  const text = textOf(fields['protocol'] ?? fields['IP Protocol']).toLowerCase();
  if (text === '' || text === 'any') return undefined;
  const [min, max] = portsOf(fields);
  const named = Object.hasOwn(NAMED, text) ? NAMED[text] : undefined;
  if (named === 'icmp' || named === 'icmpv6') {
    const inRange = (n: number | undefined) => n === undefined || (Number.isInteger(n) && n >= 0 && n <= 255);
    if (!inRange(min) || !inRange(max)) return { code: 'unreadable', params: { what: `${min}:${max}` } };
    // Neutron keeps type and code where other protocols have ports, and takes `icmp` for ICMPv6 in IPv6 rules.
    return {
      protocol: family === 6 ? 'icmpv6' : 'icmp',
      ...(min === undefined ? {} : { type: min }),
      ...(min === undefined || max === undefined ? {} : { code: max }),
    };
  }
  if (named !== undefined) {
    if (min === undefined && max === undefined) return { protocol: named, ports: [] };
    const [first, last] = [min ?? max!, max ?? min!];
    if (!(isPort(first) && isPort(last) && first <= last))
      return { code: 'unreadable', params: { what: `${min}:${max}` } };
    return { protocol: named, ports: [first === last ? `${first}` : `${first}-${last}`] };
  }
  const number = Object.hasOwn(NUMBERS, text) ? NUMBERS[text]! : Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 255 || min !== undefined)
    return { code: 'unknown-protocol', params: { protocol: text } };
  return { protocol: 'ip', number };
}

const isPort = (n: number) => Number.isInteger(n) && n >= 0 && n <= 65535;

/** `port_range_min` and `_max`; or the client's `443:443`, `22:24`, `type=8:code=0`. */
function portsOf(fields: Record<string, unknown>): [number | undefined, number | undefined] {
  const number = (value: unknown) => (textOf(value) === '' ? undefined : Number(value));
  if (!('Port Range' in fields)) return [number(fields['port_range_min']), number(fields['port_range_max'])];
  const [min = '', max = ''] = textOf(fields['Port Range'])
    .replace(/type=|code=/g, '')
    .split(':');
  return [number(min), number(max)];
}

function sayService(service: Service | undefined): string {
  if (service === undefined) return 'everything';
  if ('ports' in service) return `${service.protocol} ${service.ports.join(' ')}`.trim();
  if ('number' in service) return `protocol ${service.number}`;
  return `${service.protocol} ${service.type ?? ''}`.trim();
}
