import type { Service } from '@hypervigil/model';
import { type Addresses, addressesOf, blocksOf, difference, union } from './addresses.ts';
import { actionOf, documentOf, type GroupDraft, type PeerDraft, type RuleDraft } from './build.ts';
import type { Importer } from './importer.ts';
import { icmpOf, portRange } from './iptables-rule.ts';
import { everyMatch, hasPorts, protocolOf, servicesOf } from './match.ts';
import { type FirewallFile, readFirewallFile, type SourceRule } from './proxmox-file.ts';
import { macroOf } from './proxmox-macros.ts';
import { createReporter, isReason, type Reason, type Reporter } from './report.ts';

/**
 * Proxmox VE's `.fw` files: `cluster.fw` with aliases, IP sets and groups, and `<VMID>.fw` of guests. A guest is a group
 * of the VM with the tag `proxmox.vmid`. Both ends are asked: what the sender's OUT rules accept passes the `platform`
 * tier, and the receiver's IN rules decide in `baseline`. Rules of hosts are left out.
 * https://pve.proxmox.com/pve-docs/chapter-pve-firewall.html
 */
export const importProxmox: Importer = (files, options) => {
  const reporter = createReporter();
  const read = files.map(({ name, text }) => readFirewallFile(name, text));
  const isGuest = ({ name }: FirewallFile) => /(^|\/)\d+\.fw$/.test(name);
  const cluster = read.filter((file) => !isGuest(file));
  const guests = read.filter(isGuest).map((file) => convert(file, cluster, reporter));
  for (const { rules } of cluster)
    for (const { at } of rules) reporter.notMapped(at, { code: 'for-hosts', params: {} });

  const document = documentOf(
    guests.map(({ group }) => group),
    guests.length === 0
      ? []
      : [
          {
            name: 'Proxmox OUT',
            tier: 'platform',
            rules: [...blacklist(cluster, reporter), ...guests.flatMap(({ out }) => out)],
          },
          {
            name: 'Proxmox IN',
            tier: 'baseline',
            rules: [...guests.flatMap((guest) => guest.in), ...guests.map(elsewhere)],
          },
        ],
    options,
  );
  return { ok: true, value: { document, report: reporter.entries() } };
};

interface Guest {
  readonly group: GroupDraft;
  readonly out: readonly RuleDraft[];
  readonly in: readonly RuleDraft[];
}

/** What a guest's OUT rules let out goes on to whoever is no guest here. */
const elsewhere = ({ group }: Guest): RuleDraft => ({
  name: `${group.name} to elsewhere`,
  action: 'allow',
  from: { groups: [group.name] },
});

/** The IP set of this name closes every guest to its addresses. */
function blacklist(cluster: readonly FirewallFile[], reporter: Reporter): RuleDraft[] {
  return cluster.flatMap((file): RuleDraft[] => {
    if (!file.ipsets.has('blacklist')) return [];
    const addresses = ipset('blacklist', [file]);
    if (isReason(addresses)) reporter.notMapped(file.at, addresses, true);
    const cidrs = isReason(addresses) ? [] : blocksOf(addresses);
    return cidrs.length === 0 ? [] : [{ name: 'blacklist', action: 'deny', from: { cidrs } }];
  });
}

function convert(file: FirewallFile, cluster: readonly FirewallFile[], reporter: Reporter): Guest {
  const id = file.name.replace(/^.*\//, '').replace(/\.fw$/, '').slice(0, 20);
  const name = `guest ${id}`;
  const scope = [file, ...cluster];
  reporter.approximated(file.at, { code: 'members-unknown', params: { group: name, tag: `proxmox.vmid=${id}` } });
  const isOff = (one: FirewallFile) => one.options.get('enable') !== '1';
  if (scope.some((one) => isOff(one) && (one === file || one.options.size > 0)))
    reporter.approximated(file.at, { code: 'switched-off', params: {} });

  const rules = file.rules.flatMap((rule) => (rule.type === 'GROUP' ? inGroup(rule, cluster, reporter) : [rule]));
  const direction = (type: 'IN' | 'OUT', accept: 'pass' | 'allow'): RuleDraft[] => {
    const own: PeerDraft = { groups: [name] };
    const sides = (other: PeerDraft) => (type === 'IN' ? { from: other, to: own } : { from: own, to: other });
    const policy = (
      file.options.get(`policy_${type.toLowerCase()}`) ?? (type === 'IN' ? 'DROP' : 'ACCEPT')
    ).toUpperCase();
    return [
      ...rules
        .filter((rule) => rule.type === type)
        .flatMap((rule) => ruleDrafts(rule, type, scope, accept, sides, reporter)),
      {
        name: `${name} ${type} policy`,
        action: actionOf(policy === 'ACCEPT' || policy === 'REJECT' ? policy : 'DROP', accept),
        ...sides({}),
      },
    ];
  };
  for (const { type, at } of rules)
    if (type !== 'IN' && type !== 'OUT')
      reporter.notMapped(at, { code: 'unknown-match', params: { match: type } }, true);
  return {
    group: { name, selector: { 'proxmox.vmid': id }, description: `Guest ${id} of Proxmox VE` },
    out: direction('OUT', 'pass'),
    in: direction('IN', 'allow'),
  };
}

/** The rules of the group that a rule names, on the interface that it names. */
function inGroup(rule: SourceRule, cluster: readonly FirewallFile[], reporter: Reporter): SourceRule[] {
  const group = cluster.map(({ groups }) => groups.get(rule.action.toLowerCase())).find((one) => one !== undefined);
  if (group === undefined) {
    reporter.notMapped(rule.at, { code: 'unknown-group', params: { name: rule.action } }, true);
    return [];
  }
  const nic = rule.options.get('i') ?? rule.options.get('iface');
  return group.map((one) => ({
    ...one,
    enabled: one.enabled && rule.enabled,
    options: nic === undefined ? one.options : new Map([...one.options, ['i', nic]]),
  }));
}

const KNOWN = new Set(['i', 'iface', 'source', 'dest', 'p', 'proto', 'dport', 'sport', 'icmp-type', 'log']);

function ruleDrafts(
  rule: SourceRule,
  type: 'IN' | 'OUT',
  scope: readonly FirewallFile[],
  accept: 'pass' | 'allow',
  sides: (other: PeerDraft) => Pick<RuleDraft, 'from' | 'to'>,
  reporter: Reporter,
): RuleDraft[] {
  const { at, options, action } = rule;
  const refuse = (reason: Reason): RuleDraft[] => {
    reporter.notMapped(at, reason, action !== 'ACCEPT' && rule.enabled);
    return [];
  };
  if (action !== 'ACCEPT' && action !== 'DROP' && action !== 'REJECT')
    return refuse({ code: 'unknown-target', params: { target: action } });
  const stray = rule.stray ?? [...options.keys()].find((key) => !KNOWN.has(key));
  if (stray !== undefined) return refuse({ code: 'unknown-match', params: { match: stray } });
  if (options.has('sport')) return refuse({ code: 'source-ports', params: {} });
  // The guest's own side is its group, which has no addresses that a rule could narrow.
  if (options.has(type === 'IN' ? 'dest' : 'source')) return refuse({ code: 'own-address', params: {} });

  const other = options.get(type === 'IN' ? 'source' : 'dest');
  const addresses = other === undefined ? undefined : addressesIn(other, scope);
  if (isReason(addresses)) return refuse(addresses);
  const services = servicesIn(rule);
  if (isReason(services)) return refuse(services);
  if (addresses?.length === 0) {
    reporter.mapped(at, { code: 'never-matches', params: {} });
    return [];
  }
  report(rule, reporter);
  const log = options.has('log') && options.get('log') !== 'nolog';
  const draft: RuleDraft = {
    name: rule.comment || `${type} ${rule.macro ?? ''} ${action} line ${at.line}`,
    action: actionOf(action, accept),
    ...sides(addresses ? { cidrs: blocksOf(addresses) } : {}),
    services,
    comment: rule.comment,
    enabled: rule.enabled,
    log,
  };
  return [draft];
}

function report({ at, options, action, enabled }: SourceRule, reporter: Reporter): void {
  const nic = options.get('i') ?? options.get('iface');
  if (nic !== undefined)
    reporter.approximated(at, { code: 'one-vnic', params: { name: nic } }, action === 'ACCEPT' && enabled);
  else if (action === 'REJECT') reporter.approximated(at, { code: 'answers-vms', params: {} });
  else reporter.mapped(at);
}

/** `10.0.0.1,10.0.0.8-10.0.0.9`, an alias, or `+` and the name of an IP set. */
function addressesIn(text: string, scope: readonly FirewallFile[]): Addresses | Reason {
  const parts = text.split(',').map((part): Addresses | Reason => {
    if (part.startsWith('+')) return ipset(part.slice(1), scope);
    return alias(part, scope);
  });
  return parts.find(isReason) ?? union(parts as Addresses[]);
}

/** `dc/name` is the cluster's, `guest/name` the guest's; a bare name is the nearest one's. */
function lookUp<T>(
  text: string,
  scope: readonly FirewallFile[],
  of: (file: FirewallFile) => ReadonlyMap<string, T>,
): T | undefined {
  const [, where, name = ''] = text.toLowerCase().match(/^(?:(dc|guest)\/)?(.*)$/) ?? [];
  const files = where === 'dc' ? scope.slice(1) : where === 'guest' ? scope.slice(0, 1) : scope;
  return files.map((file) => of(file).get(name)).find((one) => one !== undefined);
}

function alias(text: string, scope: readonly FirewallFile[]): Addresses | Reason {
  const known = lookUp(text, scope, ({ aliases }) => aliases);
  return addressesOf(known ?? text) ?? { code: 'unknown-set', params: { name: text } };
}

/** Changes between entries that add and entries that take away, from the largest to the smallest. */
const MAX_TURNS = 200;

/** The smaller an entry, the later it speaks; `!` takes its addresses out again (ipset, nomatch). */
function ipset(text: string, scope: readonly FirewallFile[]): Addresses | Reason {
  const entries = lookUp(text, scope, ({ ipsets }) => ipsets);
  if (entries === undefined) return { code: 'unknown-set', params: { name: text } };
  const runs: { not: boolean; parts: Addresses[] }[] = [];
  const read = entries.map((entry) => ({
    not: entry.startsWith('!'),
    addresses: alias(entry.replace(/^!\s*/, ''), scope),
  }));
  const problem = read.map(({ addresses }) => addresses).find(isReason);
  if (problem) return problem;
  const sized = read.map(({ not, addresses }) => ({
    not,
    addresses: addresses as Addresses,
    size: sizeOf(addresses as Addresses),
  }));
  for (const { not, addresses } of sized.sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0))) {
    const run = runs.at(-1);
    if (run?.not === not) run.parts.push(addresses);
    else runs.push({ not, parts: [addresses] });
  }
  if (runs.length > MAX_TURNS) return { code: 'unreadable', params: { what: text } };
  return runs.reduce<Addresses>(
    (all, { not, parts }) => (not ? difference(all, union(parts)) : union([all, union(parts)])),
    [],
  );
}

const sizeOf = (addresses: Addresses) => addresses.reduce((sum, { first, last }) => sum + last - first, 0n);

function servicesIn({ macro, options }: SourceRule): Service[] | Reason {
  const protocol = options.get('p') ?? options.get('proto');
  if (macro !== undefined) {
    const parts = macroOf(macro);
    if (parts === undefined || protocol !== undefined || options.has('dport'))
      return { code: 'unknown-match', params: { match: macro } };
    const services = parts.map((part) => serviceOf(...(part.split(' ') as [string, string?])));
    return services.find(isReason) ?? (services as Service[][]).flat();
  }
  if (protocol === undefined)
    return options.has('dport') || options.has('icmp-type')
      ? { code: 'unknown-match', params: { match: '-dport' } }
      : [];
  return serviceOf(protocol, options.get('icmp-type') ?? options.get('dport'));
}

function serviceOf(name: string, detail?: string): Service[] | Reason {
  const protocol = protocolOf(name);
  if (protocol === undefined) return { code: 'unknown-protocol', params: { protocol: name } };
  const match = { ...everyMatch(4), protocol };
  if (protocol === 1 || protocol === 58) {
    const icmp = detail === undefined ? null : icmpOf(detail, protocol === 1 ? 4 : 6);
    if (detail !== undefined && !icmp) return { code: 'unreadable', params: { what: detail } };
    return icmp ? servicesOf({ ...match, icmp }) : [{ protocol: protocol === 1 ? 'icmp' : 'icmpv6' }];
  }
  if (detail === undefined) return servicesOf(match);
  const ports = detail.split(',').map(portRange);
  if (!hasPorts(protocol) || ports.includes(undefined) || ports.length > 60)
    return { code: 'unreadable', params: { what: detail } };
  return servicesOf({ ...match, ports: ports.map((range) => range!) });
}
