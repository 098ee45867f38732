import type { HostFirewallPolicy, HostFirewallRule, IntentService } from '@hypervigil/model';
import {
  ACCEPT,
  DROP,
  equals,
  field,
  meta,
  type NftCommand,
  type NftExpression,
  type NftStatement,
  oneOf,
} from '@hypervigil/nft';
import { type Block, compileServices, formatBlock, mergeBlocks, parseBlock } from '@hypervigil/policy';
import { ALWAYS_ICMP, ALWAYS_ICMPV6, DHCP, ICMP, ICMPV6 } from './always.ts';
import { servicesOf } from './catalogue.ts';
import { type Count, counterName, NOTHING, type Place, type PolicyCounts } from './counters.ts';
import { addChain, addCounter, addRule, addSet, addTable, deleteTable } from './table.ts';

export interface RulesetInput {
  /** What is enforced, and enforced again when a trial ends. Null: nothing is. */
  readonly kept: HostFirewallPolicy | null;
  /** What is enforced in its place for so long. The kernel ends it, whoever is alive by then. */
  readonly trial?: { readonly policy: HostFirewallPolicy; readonly seconds: number } | undefined;
  /** What the counters begin with. */
  readonly counts?: { readonly [P in Place]?: PolicyCounts | undefined };
}

const DIRECTIONS = ['in', 'out'] as const;
type Direction = (typeof DIRECTIONS)[number];

/** Before other tables' filters (priority 0), so that ours decides first what ours alone is asked about. */
const PRIORITY = -5;

/**
 * Our table as one transaction that replaces it: a packet meets all of the old one or all of the new one.
 *
 * ```
 * input, output:  what can never be cut → accept
 *                 nfproto in @trial     → trial_in, trial_out     (elements with a timeout)
 *                                       → kept_in, kept_out
 * ```
 *
 * Both policies are in the kernel during a trial. When the two elements of `@trial` time out, the kernel is back at the
 * kept policy by itself: no process has to live, and no clock but the kernel's counts.
 *
 * Only answers are let through for their connection's sake; whoever opened it is judged anew with every packet. So a
 * policy that forbids a connection ends it at once, and one that comes back revives it.
 */
export function compileRuleset({ kept, trial, counts = {} }: RulesetInput): NftCommand[] {
  if (kept === null && trial === undefined) return removeRuleset();
  return [
    // Deleting what is not there is an error, adding what is there is none.
    addTable,
    deleteTable,
    addTable,
    ...(trial ? [trialSet(trial.seconds)] : []),
    ...(kept ? policyChains('kept', kept, counts.kept) : []),
    ...(trial ? policyChains('trial', trial.policy, counts.trial) : []),
    ...DIRECTIONS.flatMap((direction) => baseChain(direction, { kept: kept !== null, trial: trial !== undefined })),
  ];
}

/** Takes our table out of the kernel, if it is there. */
export const removeRuleset = (): NftCommand[] => [addTable, deleteTable];

function trialSet(seconds: number): NftCommand {
  const elem = ['ipv4', 'ipv6'].map((val) => ({ elem: { val, timeout: seconds } }));
  return addSet({ name: 'trial', type: 'nf_proto', flags: ['timeout'], elem });
}

function baseChain(direction: Direction, has: { kept: boolean; trial: boolean }): NftCommand[] {
  const name = `${direction}put`;
  const rule = (...statements: NftStatement[]) => addRule(name, statements);
  return [
    addChain(name, { type: 'filter', hook: name, prio: PRIORITY, policy: 'accept' }),
    rule(equals(meta(direction === 'in' ? 'iif' : 'oif'), 'lo'), ACCEPT),
    rule(equals({ ct: { key: 'direction' } }, 'reply'), ACCEPT),
    rule(equals(field('icmp', 'type'), oneOf(ALWAYS_ICMP)), ACCEPT),
    rule(equals(field('icmpv6', 'type'), oneOf(ALWAYS_ICMPV6)), ACCEPT),
    ...DHCP.map(({ family, client, server }) => {
      const [from, to] = direction === 'in' ? [server, client] : [client, server];
      const nfproto = equals(meta('nfproto'), `ipv${family}`);
      return rule(nfproto, equals(field('udp', 'sport'), from), equals(field('udp', 'dport'), to), ACCEPT);
    }),
    ...(has.trial ? [rule(equals(meta('nfproto'), '@trial'), { goto: { target: `trial_${direction}` } })] : []),
    ...(has.kept ? [rule({ goto: { target: `kept_${direction}` } })] : []),
  ];
}

function policyChains(place: Place, policy: HostFirewallPolicy, counts: PolicyCounts | undefined): NftCommand[] {
  const verdict = (action: 'allow' | 'deny') => (action === 'allow' || policy.mode === 'observe' ? ACCEPT : DROP);
  const sets = new Map(policy.sets.map(({ name, cidrs }, i) => [name, addressSets(`${place}_set_${i}`, cidrs)]));
  const counter = (name: string, count: Count = NOTHING) => addCounter(name, count);
  return [
    ...[...sets.values()].flatMap((families) => families.map(({ command }) => command)),
    ...DIRECTIONS.map((direction) => addChain(`${place}_${direction}`)),
    ...policy.rules.flatMap((rule, i) => {
      const name = counterName(place, i);
      const decision = [{ counter: name }, verdict(rule.action)];
      const matches = matchesOf(rule, (set) => sets.get(set) ?? []);
      return [
        counter(name, counts?.rules[i]),
        ...matches.map((match) => addRule(`${place}_${rule.direction}`, [...match, ...decision])),
      ];
    }),
    ...DIRECTIONS.flatMap((direction) => {
      const [name, action, count] =
        direction === 'in'
          ? [counterName(place, 'inbound'), policy.inbound, counts?.inbound]
          : [counterName(place, 'outbound'), policy.outbound, counts?.outbound];
      return [counter(name, count), addRule(`${place}_${direction}`, [{ counter: name }, verdict(action)])];
    }),
  ];
}

interface AddressSet {
  readonly family: 4 | 6;
  readonly name: string;
  readonly command: NftCommand;
}

/** A named set of each family that has addresses. */
function addressSets(name: string, cidrs: readonly string[]): AddressSet[] {
  const blocks = mergeBlocks(cidrs.flatMap((cidr) => parseBlock(cidr) ?? []));
  return ([4, 6] as const).flatMap((family) => {
    const elem = blocks.filter((block) => block.family === family).map(element);
    if (elem.length === 0) return [];
    const set = { name: `${name}_v${family}`, type: `ipv${family}_addr`, flags: ['interval'], elem };
    return [{ family, name: set.name, command: addSet(set) }];
  });
}

function element(block: Block): NftExpression {
  const [addr = '', len] = formatBlock(block).split('/');
  return len === undefined ? addr : { prefix: { addr, len: Number(len) } };
}

/** The ways in which packets match a rule, each as the statements of one nft rule. */
function matchesOf(rule: HostFirewallRule, setsOf: (name: string) => readonly AddressSet[]): NftStatement[][] {
  const end = rule.direction === 'in' ? 'saddr' : 'daddr';
  const peers: { readonly family: 4 | 6 | null; readonly match: NftStatement[] }[] =
    rule.peers.length === 0
      ? [{ family: null, match: [] }]
      : [...new Set(rule.peers)].flatMap(setsOf).map(({ family, name }) => ({
          family,
          match: [equals(field(family === 4 ? 'ip' : 'ip6', end), `@${name}`)],
        }));
  const services =
    rule.services.length === 0 ? [{ family: null, match: [] }] : serviceMatches(servicesOf(rule.services));
  return peers.flatMap((peer) =>
    services
      .filter(({ family }) => family === null || peer.family === null || family === peer.family)
      .map(({ match }) => [...peer.match, ...match]),
  );
}

interface ServiceMatch {
  readonly family: 4 | 6 | null;
  readonly match: NftStatement[];
}

const WITH_PORTS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

function serviceMatches(services: Parameters<typeof compileServices>[0]): ServiceMatch[] {
  const neutral = compileServices(services);
  const withPorts = Map.groupBy(
    neutral.filter(({ ports }) => ports !== null),
    ({ protocol }) => protocol,
  );
  return [
    ...[...withPorts].map(([protocol, group]) => {
      const name = WITH_PORTS[protocol ?? 0] ?? 'th';
      return { family: null, match: [equals(field(name, 'dport'), oneOf(group.flatMap(portsOf)))] };
    }),
    ...neutral.filter(({ ports }) => ports === null).map(portless),
  ];
}

function portsOf({ ports }: IntentService): NftExpression[] {
  if (ports === null) return [];
  return [ports.first === ports.last ? ports.first : { range: [ports.first, ports.last] }];
}

function portless({ protocol, family, icmp }: IntentService): ServiceMatch {
  const name = protocol === ICMP ? 'icmp' : 'icmpv6';
  if ((protocol === ICMP || protocol === ICMPV6) && family !== 'ip') {
    const of = family === 'ipv4' ? 4 : 6;
    if (icmp === null) return { family: of, match: [equals(meta('nfproto'), `ipv${of}`), isProtocol(protocol)] };
    const code = icmp.code === null ? [] : [equals(field(name, 'code'), icmp.code)];
    return { family: of, match: [equals(field(name, 'type'), icmp.type), ...code] };
  }
  return { family: null, match: protocol === null ? [] : [isProtocol(protocol)] };
}

const isProtocol = (protocol: number) => equals(meta('l4proto'), protocol);
