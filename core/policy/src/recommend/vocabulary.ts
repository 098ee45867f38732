import type { Id } from '@hypervigil/model';
import { canonicalBlock } from '../address.ts';
import type { CloudState } from '../cloud.ts';
import { createGroupIndex } from '../group-index.ts';
import { getOrAdd } from '../maps.ts';

/** A VM on a network: what is in a group, or not. See {@link nodeOf}. */
export type Node = string;

export const nodeOf = (vmId: Id, networkId: Id | null): Node => `${vmId} ${networkId}`;

/** A part of a rule's side. */
export type Part =
  | { readonly kind: 'group' | 'tenant'; readonly id: Id }
  | { readonly kind: 'vm'; readonly id: Node; readonly cidrs: readonly string[] }
  | { readonly kind: 'block'; readonly cidr: string };

export const partKey = (part: Part): string => `${part.kind} ${part.kind === 'block' ? part.cidr : part.id}`;

interface Candidate {
  readonly part: Part;
  readonly members: Set<Node>;
}

/** How a person would say who some VMs are: by groups, by their tenant, and only then by addresses. */
export interface Vocabulary {
  /**
   * A part for each: as few and as fitting parts as a greedy choice finds. A group or tenant fits when at least a quarter of it
   * is meant.
   */
  cover(nodes: ReadonlySet<Node>): Map<Node, Part>;
  membersOf(part: Part): ReadonlySet<Node>;
}

/** With a tenant, only what its rules may name. */
export function createVocabulary(cloud: CloudState, tenantId: Id | null): Vocabulary {
  const addresses = new Map<Node, string[]>();
  const candidates = candidatesOf(cloud, addresses);
  const mayName = nameable(cloud, tenantId);
  const ofNode = new Map<Node, Candidate[]>();
  for (const candidate of candidates.values())
    if (mayName(candidate.part)) for (const node of candidate.members) getOrAdd(ofNode, node, () => []).push(candidate);

  return {
    cover(nodes) {
      const cover = new Map<Node, Part>();
      const open = new Set([...nodes].sort());
      const meant = new Map<Candidate, number>();
      for (const node of open) for (const one of ofNode.get(node) ?? []) meant.set(one, (meant.get(one) ?? 0) + 1);
      let left = [...meant].filter(([{ members }, count]) => 4 * count >= members.size);
      while (left.length > 0) {
        const scored = left.map(([one, count]) => {
          const covered = one.members.intersection(open).size;
          return { one, count, covered, score: covered / (1 + one.members.size - count) };
        });
        const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
        if (best.covered === 0) break;
        for (const node of best.one.members.intersection(open)) {
          cover.set(node, best.one.part);
          open.delete(node);
        }
        left = scored.flatMap(({ one, count, covered }) =>
          one !== best.one && covered > 0 ? [[one, count] as const] : [],
        );
      }
      for (const node of open) cover.set(node, { kind: 'vm', id: node, cidrs: addresses.get(node) ?? [] });
      return cover;
    },
    membersOf: (part) => candidates.get(partKey(part))?.members ?? new Set(part.kind === 'vm' ? [part.id] : []),
  };
}

/** Every group and tenant with who is in it, in the order of their numbers; notes the addresses of all on the way. */
function candidatesOf({ vms, groups, tenants }: CloudState, addresses: Map<Node, string[]>): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  const add = (part: Part) => candidates.set(partKey(part), { part, members: new Set() });
  for (const { id } of groups.toSorted((a, b) => a.num - b.num)) add({ kind: 'group', id });
  for (const { id } of tenants.toSorted((a, b) => a.num - b.num)) add({ kind: 'tenant', id });
  const index = createGroupIndex(groups);
  for (const vm of vms)
    for (const { networkId, ipv4, ipv6 } of vm.vnics) {
      const node = nodeOf(vm.id, networkId);
      getOrAdd(addresses, node, () => []).push(...[...ipv4, ...ipv6].map(canonicalBlock));
      for (const id of index.groupsOf(vm, networkId)) candidates.get(`group ${id}`)?.members.add(node);
      candidates.get(`tenant ${vm.tenantId}`)?.members.add(node);
    }
  return candidates;
}

function nameable({ groups }: CloudState, tenantId: Id | null): (part: Part) => boolean {
  const others = new Set(
    groups.filter((group) => group.tenantId !== null && group.tenantId !== tenantId).map(({ id }) => id),
  );
  return (part) =>
    tenantId === null ||
    (part.kind === 'tenant' ? part.id === tenantId : part.kind === 'group' && !others.has(part.id));
}
