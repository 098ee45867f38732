import {
  type HostIntent,
  type IntentRule,
  type IntentService,
  type IntentSet,
  type IntentVnic,
  SYNTHETIC_RULES,
  TIERS,
  type Tier,
  type Verdict,
} from '@hypervigil/model';
import { canonicalBlock, contains, linkLocal, parseBlock } from './address.ts';
import { EFFECT } from './effect.ts';
import type { Packet } from './packet.ts';

export interface Decision {
  readonly verdict: Verdict;
  /** A person's rule or a synthetic one. */
  readonly ruleNum: number;
  /** The tier that decided; null when the defaults did. */
  readonly tier: Tier | null;
}

/** What the verdict would be if every staged rule were enforced. */
export interface PendingDecision {
  readonly verdict: Verdict;
  /** The staged rule that had the last word: it decides, or lets pass to what decides. */
  readonly ruleNum: number;
}

/** Whose an address is: a tenant's number, nobody's although a vNIC has it, or outside the cloud. */
export type Owner = number | 'nobody' | 'outside';

/**
 * What the rules of a document that are in force (`intentAt`) say of a packet that begins a connection. Slow and obvious:
 * the oracle of every compiler.
 *
 * An end that is quarantined ends it. Else the first matching rule over the tiers decides. When none does: within one tenant its own default; between two
 * tenants, or a tenant and a VM that has none, `tenant-isolation`; from or to the outside, `default-deny`.
 */
export function evaluate(intent: HostIntent, packet: Packet): Decision {
  return judge(intent, intent.rules, packet).decision;
}

/** What staged rules would make of the packet, enforced together with the others; null where none of them speaks. */
export function evaluatePending(intent: HostIntent, packet: Packet): PendingDecision | null {
  const { spoken, decision } = judge(intent, [...intent.rules, ...intent.staged], packet);
  const last = spoken.findLast((rule) => intent.staged.includes(rule));
  return last ? { verdict: decision.verdict, ruleNum: last.num } : null;
}

/** The rules that spoke, a tier each, and what comes of it. */
function judge(
  intent: HostIntent,
  rules: readonly IntentRule[],
  packet: Packet,
): { spoken: IntentRule[]; decision: Decision } {
  const isQuarantined = (address: string) =>
    holdersOf(intent, packet.network, address).some((vnic) => vnic.quarantined);
  if (isQuarantined(packet.src) || isQuarantined(packet.dst)) return { spoken: [], decision: QUARANTINED };
  const src = ownerOf(intent, packet.network, packet.src);
  const dst = ownerOf(intent, packet.network, packet.dst);
  const sets = new Map(intent.sets.map((set) => [set.num, set]));

  const inSets = (nums: readonly number[] | null, address: string, owner: Owner) =>
    nums === null || nums.some((num) => inSet(sets.get(num), packet.network, address, owner));
  const matches = (rule: IntentRule) =>
    (rule.tenant === null || inScope(rule.tenant, src, dst)) &&
    inSets(rule.from, packet.src, src) &&
    inSets(rule.to, packet.dst, dst) &&
    (rule.services.length === 0 || rule.services.some((service) => isService(service, packet)));

  const spoken: IntentRule[] = [];
  for (const tier of TIERS) {
    const inTier = rules.filter((rule) => rule.tier === tier).sort((a, b) => a.order - b.order);
    const rule = inTier.find(matches);
    if (!rule) continue;
    spoken.push(rule);
    const effect = EFFECT[rule.action];
    if (effect !== 'pass') return { spoken, decision: { verdict: effect, ruleNum: rule.num, tier } };
  }
  const intraTenant = intent.tenants.find((tenant) => tenant.num === src)?.intraTenant ?? 'deny';
  return { spoken, decision: byDefault(src, dst, intraTenant) };
}

/** Before every tier, for nobody's rule says otherwise. */
export const QUARANTINED: Decision = { verdict: 'deny', ruleNum: SYNTHETIC_RULES.quarantine, tier: null };

export function byDefault(src: Owner, dst: Owner, intraTenant: Verdict): Decision {
  const decide = (verdict: Verdict, ruleNum: number): Decision => ({ verdict, ruleNum, tier: null });
  if (src === 'outside' || dst === 'outside') return decide('deny', SYNTHETIC_RULES['default-deny']);
  if (src === 'nobody' || src !== dst) return decide('deny', SYNTHETIC_RULES['tenant-isolation']);
  return intraTenant === 'allow'
    ? decide('allow', SYNTHETIC_RULES['same-tenant'])
    : decide('deny', SYNTHETIC_RULES['default-deny']);
}

/** A tenant's rule speaks of its own vNICs, among themselves or with the outside; never of another tenant's. */
export function inScope<T>(tenant: T, src: T | 'outside', dst: T | 'outside'): boolean {
  return (
    (src === tenant && dst === tenant) || (src === tenant && dst === 'outside') || (src === 'outside' && dst === tenant)
  );
}

/** An address that vNICs of two tenants claim on one network is nobody's: neither may speak for the other. */
function ownerOf(intent: HostIntent, network: number, address: string): Owner {
  const owners = new Set(holdersOf(intent, network, address).map((vnic) => vnic.tenant));
  if (owners.size === 0) return 'outside';
  const [owner] = owners;
  return owners.size === 1 ? (owner ?? 'nobody') : 'nobody';
}

function holdersOf({ vnics }: HostIntent, network: number, address: string): IntentVnic[] {
  const text = canonicalBlock(address);
  return vnics.filter(
    (vnic) => vnic.network === network && [...vnic.ipv4, ...vnic.ipv6, linkLocal(vnic.mac)].includes(text),
  );
}

function inSet(set: IntentSet | undefined, network: number, address: string, owner: Owner): boolean {
  if (!set) return false;
  if (set.tenant !== null) return set.tenant === owner;
  return set.members.some((member) => (member.network ?? network) === network && inBlock(member.cidr, address));
}

export function inBlock(cidr: string, address: string): boolean {
  const [block, point] = [parseBlock(cidr), parseBlock(address)];
  return block !== undefined && point !== undefined && contains(block, point);
}

export function isService({ family, protocol, ports, icmp }: IntentService, packet: Packet): boolean {
  if (family !== 'ip' && (family === 'ipv6') !== packet.src.includes(':')) return false;
  if (protocol !== null && protocol !== packet.protocol) return false;
  if (ports && (packet.port === undefined || packet.port < ports.first || packet.port > ports.last)) return false;
  return !icmp || (packet.icmp?.type === icmp.type && (icmp.code === null || packet.icmp.code === icmp.code));
}
