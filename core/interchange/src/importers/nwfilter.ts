import { readXml, type XmlElement } from '../xml.ts';
import { type Addresses, addressesOf, blocksOf } from './addresses.ts';
import { actionOf, documentOf, type GroupDraft, type RuleDraft, uniqueNames } from './build.ts';
import type { Importer } from './importer.ts';
import { both, everyMatch, hasPorts, type Match, protocolOf, servicesOf } from './match.ts';
import { type At, createReporter, isReason, type Reason, type Reporter } from './report.ts';

/** Rules of a filter with all that it refers to. */
const MAX_RULES = 20_000;

/**
 * libvirt's network filters, as `virsh nwfilter-dumpxml` prints them. A filter that no other refers to is a group of the
 * VMs whose interfaces use it. Rules go by priority, and what no rule speaks of is accepted. The sender's `out` rules
 * pass or deny in the `platform` tier, the receiver's `in` rules decide in `baseline`. What libvirt's own filters do
 * against spoofing, this system does by itself.
 * https://libvirt.org/formatnwfilter.html
 */
export const importNwfilter: Importer = (files, options) => {
  const reporter = createReporter();
  const filters = new Map<string, Filter>();
  for (const { name: file, text } of files) {
    const read = readXml(text);
    if (!read.ok) return { ok: false, file, mistakes: read.mistakes };
    for (const element of read.value.name === 'filter' ? [read.value] : read.value.children) {
      const name = element.attributes.get('name') ?? '';
      if (element.name === 'filter')
        filters.set(name, { element, at: { file, line: element.line, source: `filter ${name}` } });
    }
  }
  for (const [name, { at }] of filters) if (OURS.has(name)) reporter.mapped(at, { code: 'built-in', params: {} });
  const referred = new Set([...filters.values()].flatMap(({ element }) => referencesOf(element)));
  const nameOf = uniqueNames();
  const converted = [...filters]
    .filter(([name]) => !referred.has(name) && !OURS.has(name))
    .map(([name, filter]) => convert(name, nameOf(name), filter, filters, reporter));
  const document = documentOf(
    converted.map(({ group }) => group),
    converted.length === 0
      ? []
      : [
          { name: 'nwfilter out', tier: 'platform', rules: converted.flatMap(({ out }) => out) },
          {
            name: 'nwfilter in',
            tier: 'baseline',
            rules: [...converted.flatMap((one) => one.in), ...converted.map(elsewhere)],
          },
        ],
    options,
  );
  return { ok: true, value: { document, report: reporter.entries() } };
};

interface Filter {
  readonly element: XmlElement;
  readonly at: At;
}

/** Filters that come with libvirt: against spoofing, and what a VM needs to have an address at all. */
const OURS = new Set([
  ...[
    'clean-traffic',
    'clean-traffic-gateway',
    'no-mac-spoofing',
    'no-mac-broadcast',
    'no-ip-spoofing',
    'no-ipv6-spoofing',
  ],
  ...['no-arp-spoofing', 'no-arp-ip-spoofing', 'no-arp-mac-spoofing', 'no-other-l2-traffic', 'no-other-rarp-traffic'],
  ...[
    'allow-arp',
    'allow-ipv4',
    'allow-ipv6',
    'allow-incoming-ipv4',
    'allow-incoming-ipv6',
    'allow-dhcp',
    'allow-dhcpv6',
  ],
  'qemu-announce-self',
  'qemu-announce-self-rarp',
]);

const referencesOf = (element: XmlElement) =>
  element.children.filter(({ name }) => name === 'filterref').map(({ attributes }) => attributes.get('filter') ?? '');

interface SourceRule {
  readonly element: XmlElement;
  readonly at: At;
  readonly priority: number;
}

interface Converted {
  readonly group: GroupDraft;
  readonly out: readonly RuleDraft[];
  readonly in: readonly RuleDraft[];
}

const elsewhere = ({ group }: Converted): RuleDraft => ({
  name: `${group.name} to elsewhere`,
  action: 'allow',
  from: { groups: [group.name] },
});

function convert(
  name: string,
  group: string,
  filter: Filter,
  filters: ReadonlyMap<string, Filter>,
  reporter: Reporter,
): Converted {
  const value = name.slice(0, 255);
  reporter.approximated(filter.at, { code: 'members-unknown', params: { group, tag: `nwfilter=${value}` } });
  const rules = gather(filter, filters, reporter).sort((a, b) => a.priority - b.priority);
  const out: RuleDraft[] = [];
  const into: RuleDraft[] = [];
  // The blocks of the other end also say the IP version, as libvirt's protocols do.
  for (const rule of rules) {
    const said = readRule(rule, reporter);
    if (!said) continue;
    const { match, direction, target, comment } = said;
    const common = { name: comment || `${group} line ${rule.at.line}`, comment, services: servicesOf(match) };
    if (direction !== 'in')
      out.push({
        ...common,
        action: actionOf(target, 'pass'),
        from: { groups: [group] },
        to: { cidrs: blocksOf(match.dst) },
      });
    if (direction !== 'out')
      into.push({
        ...common,
        action: actionOf(target, 'allow'),
        from: { cidrs: blocksOf(match.src) },
        to: { groups: [group] },
      });
  }
  const rest = `${group} otherwise`;
  return {
    group: { name: group, selector: { nwfilter: value }, description: `VMs with libvirt's filter ${name}` },
    out: [...out, { name: rest, action: 'pass', from: { groups: [group] } }],
    in: [...into, { name: rest, action: 'allow', to: { groups: [group] } }],
  };
}

/** The rules of a filter and of those that it refers to, as they stand. Each filter speaks once: again adds nothing. */
function gather(filter: Filter, filters: ReadonlyMap<string, Filter>, reporter: Reporter): SourceRule[] {
  const rules: SourceRule[] = [];
  const seen = new Set([filter]);
  const open = [{ file: filter.at.file, rest: filter.element.children.values() }];
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    const { value: element, done } = inner.rest.next();
    if (done || !element) {
      open.pop();
      continue;
    }
    const at = { file: inner.file, line: element.line, source: describe(element) };
    const reference = element.attributes.get('filter') ?? '';
    const next = filters.get(reference);
    if (element.name === 'rule' && rules.length < MAX_RULES) rules.push({ element, at, priority: priorityOf(element) });
    else if (element.name === 'rule')
      reporter.notMapped(at, { code: 'too-many-rules', params: { maximum: MAX_RULES } }, true);
    else if (element.name !== 'filterref') continue;
    else if (OURS.has(reference)) reporter.mapped(at, { code: 'built-in', params: {} });
    else if (!next) reporter.notMapped(at, { code: 'unknown-group', params: { name: reference } }, true);
    else if (!seen.has(next)) {
      seen.add(next);
      open.push({ file: next.at.file, rest: next.element.children.values() });
    }
  }
  return rules;
}

const priorityOf = ({ attributes }: XmlElement): number => {
  const priority = Number(attributes.get('priority') ?? 500);
  return Number.isInteger(priority) && Math.abs(priority) <= 1000 ? priority : 500;
};

const describe = ({ name, attributes, children }: XmlElement): string =>
  [
    name,
    ...attributes.entries().map(([key, value]) => `${key}=${value}`),
    ...children.slice(0, 3).map((one): string => describe(one)),
  ].join(' ');

interface Said {
  readonly match: Match;
  readonly direction: 'in' | 'out' | 'inout';
  readonly target: 'ACCEPT' | 'DROP' | 'REJECT';
  readonly comment: string;
}

/** What a rule says, or nothing when it decides nothing or cannot be said; either way it is reported. */
function readRule({ element, at }: SourceRule, reporter: Reporter): Said | undefined {
  const action = element.attributes.get('action') ?? '';
  const direction = element.attributes.get('direction') ?? '';
  const accepts = action === 'accept' || action === 'return';
  const refuse = (reason: Reason): undefined => {
    reporter.notMapped(at, reason, !accepts && action !== 'continue');
    return undefined;
  };
  if (!accepts && action !== 'drop' && action !== 'reject') {
    if (action === 'continue') reporter.mapped(at, { code: 'never-matches', params: {} });
    else refuse({ code: 'unknown-target', params: { target: action } });
    return undefined;
  }
  if (direction !== 'in' && direction !== 'out' && direction !== 'inout')
    return refuse({ code: 'no-direction', params: {} });
  const [protocol, second] = element.children;
  if (!protocol || second) return refuse({ code: 'unknown-match', params: { match: second?.name ?? 'rule' } });
  const states = protocol.attributes.get('state')?.toUpperCase().split(',');
  if (states && !states.includes('NEW') && !states.includes('NONE')) {
    if (!accepts) return refuse({ code: 'unknown-match', params: { match: `state=${states.join(',')}` } });
    reporter.mapped(at, { code: 'built-in', params: {} });
    return undefined;
  }
  const match = matchOf(protocol, direction);
  if (isReason(match)) return refuse(match);
  if (element.attributes.get('statematch') === 'false' || element.attributes.get('statematch') === '0')
    reporter.approximated(at, { code: 'stateless', params: {} }, accepts);
  else if (action === 'reject') reporter.approximated(at, { code: 'answers-vms', params: {} });
  else reporter.mapped(at);
  const target = accepts ? 'ACCEPT' : action === 'reject' ? 'REJECT' : 'DROP';
  return { match, direction, target, comment: protocol.attributes.get('comment') ?? '' };
}

const KNOWN = new Set([
  ...['srcipaddr', 'srcipmask', 'dstipaddr', 'dstipmask', 'srcipfrom', 'srcipto', 'dstipfrom', 'dstipto'],
  ...['dstportstart', 'dstportend', 'type', 'code', 'state', 'comment'],
]);
/** Protocols of the link layer: addresses there are guarded by this system itself. */
const LINK_LAYER = new Set(['mac', 'vlan', 'stp', 'arp', 'rarp', 'ip', 'ipv6']);

function matchOf({ name, attributes }: XmlElement, direction: string): Match | Reason {
  if (LINK_LAYER.has(name)) return { code: 'link-layer', params: { protocol: name } };
  const family = name === 'icmpv6' || name.endsWith('-ipv6') ? 6 : 4;
  const plain = name.replace(/-ipv6$/, '');
  const protocol = plain === 'all' ? null : protocolOf(plain);
  if (protocol === undefined || /^\d/.test(plain)) return { code: 'unknown-protocol', params: { protocol: name } };
  const odd = [...attributes.keys()].find((key) => !KNOWN.has(key));
  if (odd !== undefined)
    return odd.startsWith('srcport')
      ? { code: 'source-ports', params: {} }
      : { code: 'unknown-match', params: { match: odd } };

  let match: Match | undefined = { ...everyMatch(family), protocol };
  for (const side of ['src', 'dst'] as const) {
    const addresses = sideOf(attributes, side);
    if (addresses === undefined) continue;
    if (isReason(addresses)) return addresses;
    // In both directions it is not said which end the address is of; the VM's own end is its group.
    if (direction === 'inout' || side === (direction === 'in' ? 'dst' : 'src'))
      return { code: 'own-address', params: {} };
    match = match && both(match, { ...everyMatch(family), [side]: addresses });
  }
  const [first, last] = [numberOf(attributes, 'dstportstart'), numberOf(attributes, 'dstportend')];
  if (first !== undefined || last !== undefined) {
    const range = [first ?? last!, last ?? first!] as const;
    if (!hasPorts(protocol) || !(range[0] >= 0 && range[0] <= range[1] && range[1] <= 65535))
      return {
        code: 'unreadable',
        params: { what: `${attributes.get('dstportstart')}-${attributes.get('dstportend')}` },
      };
    if (direction === 'inout') return { code: 'own-address', params: {} };
    match = match && { ...match, ports: [range] };
  }
  const [type, code] = [numberOf(attributes, 'type'), numberOf(attributes, 'code')];
  if (type !== undefined) {
    const isByte = (n: number) => n >= 0 && n <= 255;
    if ((protocol !== 1 && protocol !== 58) || !isByte(type) || !isByte(code ?? 0))
      return { code: 'unreadable', params: { what: `type ${type}` } };
    match = match && { ...match, icmp: { type, code: code ?? null } };
  } else if (code !== undefined) return { code: 'unknown-match', params: { match: 'code' } };
  return match ?? { code: 'never-matches', params: {} };
}

function sideOf(attributes: ReadonlyMap<string, string>, side: 'src' | 'dst'): Addresses | Reason | undefined {
  const of = (what: string) => attributes.get(`${side}ip${what}`);
  const [address, mask, from, to] = [of('addr'), of('mask'), of('from'), of('to')];
  if (address === undefined && from === undefined) return undefined;
  const text = address !== undefined ? (mask === undefined ? address : `${address}/${mask}`) : `${from}-${to ?? from}`;
  if (text.includes('$')) return { code: 'unknown-set', params: { name: text } };
  return addressesOf(text) ?? { code: 'unreadable', params: { what: text } };
}

/** Decimal, or hexadecimal with `0x`; NaN when it is neither. */
function numberOf(attributes: ReadonlyMap<string, string>, key: string): number | undefined {
  const text = attributes.get(key);
  if (text === undefined) return undefined;
  return /^(\d{1,5}|0x[0-9a-f]{1,4})$/i.test(text) ? Number(text) : Number.NaN;
}
