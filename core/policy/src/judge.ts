import { type HostIntent, type IntentRule, type IntentSet, TIERS } from '@hypervigil/model';
import { type Block, canonicalBlock, formatBlock, linkLocal, parseBlock, widthOf } from './address.ts';
import { EFFECT } from './effect.ts';
import { byDefault, type Decision, isService, type Owner, QUARANTINED } from './evaluate.ts';
import { getOrAdd } from './maps.ts';
import type { Packet } from './packet.ts';

/** What a neutral rule set says of one packet: the same as {@link evaluate}, for many packets. */
export type Judge = (packet: Packet) => Decision;

interface End {
  readonly owner: Owner;
  readonly isQuarantined: boolean;
  /** Numbers of the sets that hold the address. */
  readonly sets: ReadonlySet<number>;
  /** Equal for ends of which the same rules speak. */
  readonly kind: string;
}

/** Costs a look at every vNIC, set and rule once, and then for a packet one at the rules that name its ends. */
export function createJudge(intent: HostIntent): Judge {
  const owners = ownersOf(intent);
  const quarantined = quarantinedIn(intent);
  const setsHolding = indexSets(intent.sets);
  const open = new Set(intent.tenants.filter(({ intraTenant }) => intraTenant === 'allow').map(({ num }) => num));
  const rules = inOrder(intent.rules);
  const bySender = indexRules(rules, ({ from }) => from);
  const byReceiver = indexRules(rules, ({ from, to }) => (from === null ? to : []));
  const anywhere = rules.flatMap((rule, place) => (rule.from === null && rule.to === null ? [place] : []));
  const ends = new Map<string, End>();
  const candidates = new Map<string, readonly number[]>();

  function endOf(network: number, text: string): End {
    return getOrAdd(ends, `${network} ${text}`, () => {
      const address = canonicalBlock(text);
      const owner = owners.get(`${network} ${address}`) ?? 'outside';
      const sets = setsHolding(network, address, owner);
      const isQuarantined = quarantined.has(`${network} ${address}`);
      return { owner, isQuarantined, sets: new Set(sets), kind: sets.join(' ') };
    });
  }

  /** Places of the rules that may speak of two ends, in the order of decision. */
  function rulesAbout(src: End, dst: End): readonly number[] {
    const scope = scopeOf(src.owner, dst.owner);
    return getOrAdd(candidates, `${scope} ${src.kind}/${dst.kind}`, () => {
      const found = new Set(anywhere);
      for (const num of src.sets) for (const place of bySender.get(num) ?? []) found.add(place);
      for (const num of dst.sets) for (const place of byReceiver.get(num) ?? []) found.add(place);
      return [...found]
        .filter((place) => {
          const { tenant, to } = rules[place]!;
          return (tenant === null || tenant === scope) && (to === null || to.some((num) => dst.sets.has(num)));
        })
        .sort((a, b) => a - b);
    });
  }

  return (packet) => {
    const src = endOf(packet.network, packet.src);
    const dst = endOf(packet.network, packet.dst);
    if (src.isQuarantined || dst.isQuarantined) return QUARANTINED;
    let passed: IntentRule['tier'] | undefined;
    for (const place of rulesAbout(src, dst)) {
      const rule = rules[place]!;
      if (rule.tier === passed) continue;
      if (rule.services.length > 0 && !rule.services.some((service) => isService(service, packet))) continue;
      const effect = EFFECT[rule.action];
      if (effect !== 'pass') return { verdict: effect, ruleNum: rule.num, tier: rule.tier };
      passed = rule.tier;
    }
    return byDefault(src.owner, dst.owner, open.has(src.owner as number) ? 'allow' : 'deny');
  };
}

const inOrder = (rules: readonly IntentRule[]): IntentRule[] =>
  rules.toSorted((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || a.order - b.order);

/** The tenant whose rules may speak of traffic between two owners; null when only the provider's may. */
function scopeOf(src: Owner, dst: Owner): number | null {
  const inside = src === 'outside' ? dst : src;
  if (typeof inside !== 'number') return null;
  return src === dst || src === 'outside' || dst === 'outside' ? inside : null;
}

/** `network address` of those that nobody may talk to. */
function quarantinedIn({ vnics }: HostIntent): ReadonlySet<string> {
  return new Set(
    vnics
      .filter((vnic) => vnic.quarantined)
      .flatMap(({ network, ipv4, ipv6, mac }) =>
        [...ipv4, ...ipv6, linkLocal(mac)].map((address) => `${network} ${address}`),
      ),
  );
}

function ownersOf({ vnics }: HostIntent): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const { network, tenant, ipv4, ipv6, mac } of vnics)
    for (const address of [...ipv4, ...ipv6, linkLocal(mac)]) {
      const key = `${network} ${address}`;
      const owner = tenant ?? 'nobody';
      owners.set(key, (owners.get(key) ?? owner) === owner ? owner : 'nobody');
    }
  return owners;
}

function indexRules(
  rules: readonly IntentRule[],
  side: (rule: IntentRule) => readonly number[] | null,
): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const [place, rule] of rules.entries())
    for (const num of side(rule) ?? []) getOrAdd(places, num, () => []).push(place);
  return places;
}

/** Blocks by their text, and asked for every length of prefix that there is: as many looks as lengths. */
function indexSets(sets: readonly IntentSet[]) {
  const byTenant = new Map<number, number[]>();
  const byBlock = new Map<string, number[]>();
  const prefixes = { 4: new Set<number>(), 6: new Set<number>() };
  for (const { num, tenant, members } of sets) {
    if (tenant !== null) {
      getOrAdd(byTenant, tenant, () => []).push(num);
      continue;
    }
    for (const { network, cidr } of members) {
      const block = parseBlock(cidr);
      if (!block) continue;
      prefixes[block.family].add(block.prefix);
      getOrAdd(byBlock, `${network ?? '*'} ${formatBlock(block)}`, () => []).push(num);
    }
  }
  return (network: number, address: string, owner: Owner): number[] => {
    const found = new Set(typeof owner === 'number' ? byTenant.get(owner) : []);
    const point = parseBlock(address);
    for (const prefix of point ? prefixes[point.family] : []) {
      const text = formatBlock(shortened(point!, prefix));
      for (const scope of [network, '*']) for (const num of byBlock.get(`${scope} ${text}`) ?? []) found.add(num);
    }
    return [...found].sort((a, b) => a - b);
  };
}

function shortened({ family, bits }: Block, prefix: number): Block {
  const host = BigInt(widthOf(family) - prefix);
  return { family, bits: (bits >> host) << host, prefix };
}
