import { isAnyone, isMember, type Peer, type Rule, type Service, TIERS } from '@hypervigil/model';
import { canonicalBlock, linkLocal } from './address.ts';
import { inAddressSet } from './address-list.ts';
import type { CloudPolicy, CloudState, CloudVm } from './cloud.ts';
import { EFFECT } from './effect.ts';
import { byDefault, type Decision, inBlock, inScope, type PendingDecision, QUARANTINED } from './evaluate.ts';
import { holds as areNow } from './hours.ts';
import { isExpired } from './in-force.ts';
import { servicesOf } from './named-services.ts';
import { comparePolicies } from './order.ts';
import { type Packet, PROTOCOL } from './packet.ts';

/** Tenant id, `nobody` for a VM without one, or `outside`. */
type Side = string;

/**
 * What people's policies say at an instant of a packet that begins a connection, without compiling anything: the definition that
 * {@link evaluate} and the compiled pipelines are held against.
 */
export function evaluatePolicies(state: CloudState, packet: Packet, at: Date): Decision {
  return judge(state, packet, (rule) => isDue(state, rule, at) && !rule.staged).decision;
}

/** The same of staged rules: what {@link evaluatePending} is held against. */
export function evaluatePendingPolicies(state: CloudState, packet: Packet, at: Date): PendingDecision | null {
  const { spoken, decision } = judge(state, packet, (rule) => isDue(state, rule, at));
  const last = spoken.findLast((rule) => rule.staged);
  return last ? { verdict: decision.verdict, ruleNum: last.num } : null;
}

/** Whether it is a rule's time. */
function isDue({ schedules }: CloudState, rule: Rule, at: Date): boolean {
  const { enabled, scheduleId } = rule;
  const isTime = scheduleId === null || schedules.some((one) => one.id === scheduleId && areNow(one, at));
  return enabled && !isExpired(rule, at) && isTime;
}

/** The rules that spoke, a tier each, and what comes of it. */
function judge(
  state: CloudState,
  packet: Packet,
  counts: (rule: Rule) => boolean,
): { spoken: Rule[]; decision: Decision } {
  const network = state.networks.find(({ num }) => num === packet.network)?.id;
  const holders = (address: string) =>
    state.vms.filter((vm) => network !== undefined && holds(vm, network, canonicalBlock(address)));
  if ([packet.src, packet.dst].some((address) => holders(address).some((vm) => vm.quarantined)))
    return { spoken: [], decision: QUARANTINED };
  const src = sideOf(state, holders(packet.src));
  const dst = sideOf(state, holders(packet.dst));

  const groups = new Map(state.groups.map((group) => [group.id, group]));
  const isPeer = (peer: Peer, address: string, side: Side) =>
    isAnyone(peer) ||
    peer.cidrs.some((cidr) => inBlock(cidr, address)) ||
    peer.tenantIds.includes(side) ||
    state.addressSets.some((set) => peer.addressSetIds.includes(set.id) && inAddressSet(set, address)) ||
    peer.groupIds.some((id) => holders(address).some((vm) => isMember(groups, id, vm, network!)));
  const speaksOf = ({ tenantId }: CloudPolicy) =>
    tenantId === null || (state.tenants.some(({ id }) => id === tenantId) && inScope(tenantId, src, dst));
  const own = new Map(state.namedServices.map((one) => [one.id, one]));
  const matches = (rule: Rule) =>
    counts(rule) &&
    isPeer(rule.from, packet.src, src) &&
    isPeer(rule.to, packet.dst, dst) &&
    (servicesOf(rule, own)?.some((service) => isService(service, packet)) ?? true);

  const spoken: Rule[] = [];
  for (const tier of TIERS) {
    const policies = state.policies.filter((policy) => policy.enabled && policy.tier === tier && speaksOf(policy));
    const rule = policies
      .sort(comparePolicies)
      .flatMap((policy) => policy.rules)
      .find(matches);
    if (!rule) continue;
    spoken.push(rule);
    const effect = EFFECT[rule.action];
    if (effect !== 'pass') return { spoken, decision: { verdict: effect, ruleNum: rule.num, tier } };
  }
  const numbered = (side: Side) => state.tenants.find(({ id }) => id === side)?.num ?? (side as 'nobody' | 'outside');
  const intraTenant = state.tenants.find(({ id }) => id === src)?.intraTenant ?? 'deny';
  return { spoken, decision: byDefault(numbered(src), numbered(dst), intraTenant) };
}

function holds(vm: CloudVm, networkId: string, address: string): boolean {
  return vm.vnics.some(
    (vnic) =>
      vnic.networkId === networkId &&
      [...[...vnic.ipv4, ...vnic.ipv6].map(canonicalBlock), linkLocal(vnic.mac)].includes(address),
  );
}

function sideOf({ tenants }: CloudState, holders: readonly CloudVm[]): Side {
  if (holders.length === 0) return 'outside';
  const known = holders.map(({ tenantId }) => tenants.find(({ id }) => id === tenantId)?.id ?? 'nobody');
  return new Set(known).size === 1 ? (known[0] ?? 'nobody') : 'nobody';
}

function isService(service: Service, packet: Packet): boolean {
  switch (service.protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return (
        packet.protocol === PROTOCOL[service.protocol] &&
        (service.ports.length === 0 || service.ports.some((text) => inRange(text, packet.port)))
      );
    case 'icmp':
    case 'icmpv6':
      return (
        packet.protocol === PROTOCOL[service.protocol] &&
        (service.protocol === 'icmpv6') === packet.src.includes(':') &&
        (service.type === undefined ||
          (service.type === packet.icmp?.type && (service.code === undefined || service.code === packet.icmp.code)))
      );
    case 'ip':
      return packet.protocol === service.number;
  }
}

function inRange(text: string, port: number | undefined): boolean {
  const [first = 0, last = first] = text.split('-').map(Number);
  return port !== undefined && first <= port && port <= last;
}
