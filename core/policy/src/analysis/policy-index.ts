import type { HostIntent, Id, IntentRule, IntentSet, IntentVnic } from '@hypervigil/model';
import { type Block, type Family, linkLocal, parseBlock, widthOf } from '../address.ts';
import type { Owner } from '../evaluate.ts';
import { getOrAdd } from '../maps.ts';
import { createGround, type Ground } from './partition.ts';
import { createRuleFinder, type RuleFinder } from './rule-finder.ts';

/** An address of one network that vNICs have. */
export interface Endpoint {
  /** The network's number. */
  readonly network: number;
  readonly address: string;
  readonly family: Family;
  readonly bits: bigint;
  /** VMs that have it. */
  readonly vmIds: readonly Id[];
  readonly owner: Exclude<Owner, 'outside'>;
  /** Of one of the VMs at least. */
  readonly quarantined: boolean;
  /** Numbers of the sets that name it. */
  readonly sets: readonly number[];
}

export interface NetworkIndex {
  readonly num: number;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The same, by who owns them. */
  readonly byOwner: ReadonlyMap<Endpoint['owner'], readonly Endpoint[]>;
  /** Sets that name an address of the network, by its owner. */
  readonly setsOf: ReadonlyMap<Endpoint['owner'], ReadonlySet<number>>;
}

/** Blocks within one network, or wherever they are met (`null`). */
interface NetworkBlocks {
  readonly network: number | null;
  readonly blocks: readonly Block[];
}

export interface SetIndex {
  readonly tenant: number | null;
  readonly blocks: readonly NetworkBlocks[];
  readonly isEmpty: boolean;
}

/** A neutral rule set, found from any side. */
export interface PolicyIndex {
  /** In the order of decision. */
  readonly rules: readonly IntentRule[];
  readonly places: ReadonlyMap<IntentRule, number>;
  /** Those that may speak of traffic of some owners on a network; see {@link createRuleFinder}. */
  readonly rulesOn: RuleFinder;
  readonly networks: ReadonlyMap<number, NetworkIndex>;
  readonly sets: ReadonlyMap<number, SetIndex>;
  /** The address space as the provider's rules cut it, wherever their blocks are met; by the places of their sets. */
  readonly ground: { readonly partition: Ground; readonly places: ReadonlyMap<number, number> };
  /** Tenants whose VMs may talk among themselves when no rule speaks of it. */
  readonly open: ReadonlySet<number>;
}

interface Growing {
  readonly vnics: IntentVnic[];
  readonly sets: Set<number>;
}

export function indexPolicy(intent: HostIntent): PolicyIndex {
  const growing = new Map<number, Map<string, Growing>>();
  for (const vnic of intent.vnics) {
    const addresses = getOrAdd(growing, vnic.network, () => new Map<string, Growing>());
    for (const address of new Set([...vnic.ipv4, ...vnic.ipv6, linkLocal(vnic.mac)]))
      getOrAdd(addresses, address, () => ({ vnics: [], sets: new Set<number>() })).vnics.push(vnic);
  }
  const sets = new Map(intent.sets.map((set) => [set.num, indexSet(set, growing)]));
  return {
    rules: intent.rules,
    places: new Map(intent.rules.map((rule, place) => [rule, place])),
    networks: new Map(Array.from(growing, ([num, addresses]) => [num, indexNetwork(num, addresses)])),
    sets,
    rulesOn: createRuleFinder(intent.rules, sets),
    ground: groundOf(intent.rules, sets),
    open: new Set(intent.tenants.filter((tenant) => tenant.intraTenant === 'allow').map(({ num }) => num)),
  };
}

/** Members that are an endpoint's address are noted there; the others stay blocks. */
function indexSet({ num, tenant, members }: IntentSet, growing: ReadonlyMap<number, Map<string, Growing>>): SetIndex {
  const blocks = new Map<number | null, Block[]>();
  for (const { network, cidr } of members) {
    const endpoint = network === null ? undefined : growing.get(network)?.get(cidr);
    const block = endpoint ? undefined : parseBlock(cidr);
    if (endpoint) endpoint.sets.add(num);
    else if (block) getOrAdd(blocks, network, () => []).push(block);
  }
  const found = Array.from(blocks, ([network, some]) => ({ network, blocks: some }));
  return { tenant, blocks: found, isEmpty: tenant === null && members.length === 0 };
}

function groundOf(rules: readonly IntentRule[], sets: ReadonlyMap<number, SetIndex>): PolicyIndex['ground'] {
  const named = new Set(
    rules.filter(({ tenant }) => tenant === null).flatMap(({ from, to }) => [...(from ?? []), ...(to ?? [])]),
  );
  const nums = [...named].filter((num) => {
    const blocks = sets.get(num)?.blocks ?? [];
    return blocks.length > 0 && blocks.every(({ network }) => network === null);
  });
  return {
    partition: createGround(nums.map((num) => sets.get(num)!.blocks.flatMap(({ blocks }) => blocks))),
    places: new Map(nums.map((num, place) => [num, place])),
  };
}

function indexNetwork(num: number, addresses: ReadonlyMap<string, Growing>): NetworkIndex {
  const endpoints = new Map<string, Endpoint>();
  const byOwner = new Map<Endpoint['owner'], Endpoint[]>();
  const setsOf = new Map<Endpoint['owner'], Set<number>>();
  for (const [address, { vnics, sets }] of addresses) {
    const block = parseBlock(address);
    if (!block || block.prefix !== widthOf(block.family)) continue;
    const owners = new Set(vnics.map((vnic) => vnic.tenant));
    const [first] = owners;
    const owner: Endpoint['owner'] = owners.size === 1 ? (first ?? 'nobody') : 'nobody';
    const vmIds = [...new Set(vnics.map((vnic) => vnic.vmId))];
    const { family, bits } = block;
    const quarantined = vnics.some((vnic) => vnic.quarantined);
    const endpoint: Endpoint = { network: num, address, family, bits, vmIds, owner, quarantined, sets: [...sets] };
    endpoints.set(address, endpoint);
    getOrAdd(byOwner, owner, () => []).push(endpoint);
    const named = getOrAdd(setsOf, owner, () => new Set<number>());
    for (const one of sets) named.add(one);
  }
  return { num, endpoints, byOwner, setsOf };
}
