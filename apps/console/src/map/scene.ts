import type { FlowEdge } from '@hypervigil/contract';
import type { Host, Tenant, Verdict, Vm } from '@hypervigil/model';
import type { GroupSummary } from '../data/collections.ts';
import { groupMembers, readGroups } from '../data/group-members.ts';
import { isUnprotected } from '../data/vm-view.ts';
import { serviceName } from '../ui/format.ts';

export const LAYOUTS = ['host', 'group', 'tenant'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** Above this many VMs the map is drawn in clusters, opened one at a time. */
const MAX_SINGLE = 300;

export interface SceneNode {
  readonly id: string;
  readonly kind: 'vm' | 'cluster' | 'outside';
  readonly container: string;
  readonly name: string;
  /** The VMs that this node stands for: one, many, or none for an address. */
  readonly vms: readonly Vm[];
}
export interface SceneContainer {
  readonly id: string;
  readonly kind: Layout | 'outside';
  readonly name: string | undefined;
  readonly nodes: readonly SceneNode[];
  /** How many VMs it has; a closed cluster shows one node for all of them. */
  readonly size: number;
  readonly open: boolean;
  readonly canClose: boolean;
}
/** Everything from one node to another with one verdict, whatever the service. */
export interface SceneLink {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: Verdict;
  readonly services: readonly string[];
  readonly edges: readonly FlowEdge[];
  readonly flows: number;
  readonly bytes: number;
  readonly replyBytes: number;
  readonly lastAt: string;
  readonly unprotected: boolean;
}
export interface Scene {
  readonly containers: readonly SceneContainer[];
  /** No more than can be told apart ({@link MAX_LINKS}): those that weigh most. */
  readonly links: readonly SceneLink[];
  /** How many more there are. */
  readonly hiddenLinks: number;
  readonly clustered: boolean;
}

export interface SceneInput {
  readonly vms: readonly Vm[];
  readonly hosts: readonly Host[];
  readonly tenants: readonly Tenant[];
  readonly groups: readonly GroupSummary[];
  readonly edges: readonly FlowEdge[];
  readonly layout: Layout;
  /** Containers that somebody opened. */
  readonly opened: ReadonlySet<string>;
  readonly showIdle: boolean;
}

export const OUTSIDE = 'outside';
const NOWHERE = 'nowhere';
/** Addresses beyond this many are one node: a scan from outside must not become a thousand cards. */
const MAX_OUTSIDE = 12;
/** A picture of more lines than this is a grey ball, and slow; between clusters everything talks to everything. */
const MAX_LINKS = { single: 400, clustered: 200 } as const;

export function buildScene(input: SceneInput): Scene {
  const busy = new Set(input.edges.flatMap((edge) => [edge.src.vmId, edge.dst.vmId]));
  const shown = input.vms.filter((vm) => vm.state !== 'gone' && (input.showIdle || busy.has(vm.id)));
  const clustered = shown.length > MAX_SINGLE;
  const place = placement(input);
  const byContainer = Map.groupBy(shown, (vm) => place.of(vm));
  const nodeOf = new Map<string, string>();
  const containers: SceneContainer[] = [];
  for (const { id, name } of place.order) {
    const vms = byContainer.get(id);
    if (vms === undefined) continue;
    const open = !clustered || input.opened.has(id);
    const nodes: SceneNode[] = open
      ? sorted(vms).map((vm) => ({ id: vm.id, kind: 'vm', container: id, name: vm.name, vms: [vm] }))
      : [{ id: `cluster:${id}`, kind: 'cluster', container: id, name: name ?? '', vms }];
    for (const node of nodes) for (const vm of node.vms) nodeOf.set(vm.id, node.id);
    containers.push({ id, kind: input.layout, name, nodes, size: vms.length, open, canClose: clustered && open });
  }
  const outside = outsideNodes(input.edges, nodeOf);
  if (outside.nodes.length > 0)
    containers.unshift({
      id: OUTSIDE,
      kind: 'outside',
      name: undefined,
      nodes: outside.nodes,
      size: 0,
      open: true,
      canClose: false,
    });
  const unprotected = new Set(shown.filter(isUnprotected).map((vm) => vm.id));
  const links = buildLinks(input.edges, nodeOf, outside.idOf, unprotected);
  const most = MAX_LINKS[clustered ? 'clustered' : 'single'];
  return { containers, clustered, links: busiest(links, most), hiddenLinks: Math.max(0, links.length - most) };
}

/** The same for every reader: a picture that two people talk about must not depend on their language. */
const { compare: compareNames } = new Intl.Collator('en', { numeric: true });

const sorted = (vms: readonly Vm[]) =>
  [...vms].sort((a, b) => compareNames(a.tenantId ?? '', b.tenantId ?? '') || compareNames(a.name, b.name));

interface Placement {
  readonly order: readonly { readonly id: string; readonly name: string | undefined }[];
  readonly of: (vm: Vm) => string;
}

function placement({ layout, hosts, tenants, groups, vms }: SceneInput): Placement {
  const byName = <T extends { name: string }>(items: readonly T[]) =>
    [...items].sort((a, b) => compareNames(a.name, b.name));
  const nowhere = { id: NOWHERE, name: undefined };
  if (layout === 'group') {
    // A VM of several groups stands in the first by name: one VM, one place.
    const first = new Map<string, string>();
    const read = readGroups(groups);
    for (const group of byName(groups))
      for (const vm of groupMembers(read, group.id, vms)) if (!first.has(vm.id)) first.set(vm.id, group.id);
    return { order: [...byName(groups), nowhere], of: (vm) => first.get(vm.id) ?? NOWHERE };
  }
  const items: readonly { readonly id: string; readonly name: string }[] = layout === 'host' ? hosts : tenants;
  const known = new Set(items.map(({ id }) => id));
  const key = layout === 'host' ? ('hostId' as const) : ('tenantId' as const);
  return {
    order: [...byName(items), nowhere],
    of: (vm) => {
      const id = vm[key];
      return id !== null && known.has(id) ? id : NOWHERE;
    },
  };
}

function outsideNodes(edges: readonly FlowEdge[], nodeOf: ReadonlyMap<string, string>) {
  const volume = new Map<string, number>();
  for (const edge of edges)
    for (const end of [edge.src, edge.dst])
      if (end.vmId === null || !nodeOf.has(end.vmId)) volume.set(end.ip, (volume.get(end.ip) ?? 0) + edge.flows);
  const ips = [...volume].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([ip]) => ip);
  const single = ips.length <= MAX_OUTSIDE ? ips : ips.slice(0, MAX_OUTSIDE - 1);
  const rest = ips.length - single.length;
  const node = (id: string, name: string): SceneNode => ({ id, kind: 'outside', container: OUTSIDE, name, vms: [] });
  const nodes = single.sort().map((ip) => node(`ip:${ip}`, ip));
  if (rest > 0) nodes.push(node('ip:*', `+${rest}`));
  const known = new Set(single);
  return { nodes, idOf: (ip: string) => (known.has(ip) ? `ip:${ip}` : 'ip:*') };
}

/** A refused connection carries nothing, yet it is what people look for: it counts like a mebibyte. */
const weight = (link: SceneLink) => link.bytes + link.replyBytes + (link.verdict === 'deny' ? link.flows * 2 ** 20 : 0);

/** In an order that traffic does not change: lines that change their places in the document are dear to a browser. */
const busiest = (links: readonly SceneLink[], most: number): readonly SceneLink[] =>
  links
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, most)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** The busiest service first, but the same order for the same counts: it is what the line is called. */
function servicesOf(edges: readonly FlowEdge[]): readonly string[] {
  const byService = Map.groupBy(edges, (edge) => serviceName(edge.protocol, edge.port));
  const flows = (of: readonly FlowEdge[]) => of.reduce((sum, edge) => sum + edge.flows, 0);
  return [...byService].sort(([a, x], [b, y]) => flows(y) - flows(x) || compareNames(a, b)).map(([service]) => service);
}

function buildLinks(
  edges: readonly FlowEdge[],
  nodeOf: ReadonlyMap<string, string>,
  outsideOf: (ip: string) => string,
  unprotected: ReadonlySet<string>,
): SceneLink[] {
  const idOf = (end: FlowEdge['src']) => nodeOf.get(end.vmId ?? '') ?? outsideOf(end.ip);
  const pairs = Map.groupBy(edges, (edge) => `${idOf(edge.src)}→${idOf(edge.dst)}`);
  const links: SceneLink[] = [];
  for (const [pair, all] of pairs) {
    const source = idOf(all[0]!.src);
    const target = idOf(all[0]!.dst);
    if (source === target) continue; // inside one cluster
    for (const [verdict, of] of Map.groupBy(all, (edge) => edge.verdict)) {
      const sum = (field: 'flows' | 'bytes' | 'replyBytes') => of.reduce((total, edge) => total + edge[field], 0);
      links.push({
        id: `${pair} ${verdict}`,
        source,
        target,
        verdict,
        services: servicesOf(of),
        edges: of,
        flows: sum('flows'),
        bytes: sum('bytes'),
        replyBytes: sum('replyBytes'),
        lastAt: of
          .map((edge) => edge.lastAt)
          .toSorted()
          .at(-1)!,
        unprotected: of.some((edge) => unprotected.has(edge.src.vmId ?? '') || unprotected.has(edge.dst.vmId ?? '')),
      });
    }
  }
  return links;
}
