import type { Edge, Node } from '@xyflow/react';
import type { Placed } from './layout.ts';
import { lineLabel } from './line-labels.ts';
import type { Moved } from './moved.ts';
import type { Scene, SceneContainer, SceneLink, SceneNode } from './scene.ts';
import type { PlacedBox, Way } from './ways.ts';

interface LineData extends Record<string, unknown> {
  readonly link: SceneLink;
  readonly way: Way;
  readonly label: string;
}
export type ContainerNode = Node<{ readonly container: SceneContainer }, 'container'>;
export type CardNode = Node<{ readonly node: SceneNode }, 'vm' | 'cluster' | 'outside'>;
export type MapNode = ContainerNode | CardNode;
export type MapEdge = Edge<LineData, 'link'>;

/** The scene with its places, as React Flow wants it. What somebody moved stays where they put it. */
export function toNodes(scene: Scene, placed: Placed, moved: Moved, selected?: string): MapNode[] {
  const nodes: MapNode[] = [];
  for (const container of scene.containers) {
    const box = placed.containers.get(container.id);
    if (box === undefined) continue;
    nodes.push({
      id: container.id,
      type: 'container',
      position: moved[container.id] ?? { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      data: { container },
      selectable: false,
      focusable: false,
      dragHandle: '.hv-map-container__title',
      zIndex: 0,
    });
    for (const node of container.nodes) {
      const card = placed.nodes.get(node.id);
      if (card === undefined) continue;
      nodes.push({
        id: node.id,
        type: node.kind,
        parentId: container.id,
        extent: 'parent',
        position: moved[node.id] ?? { x: card.x, y: card.y },
        width: card.width,
        height: card.height,
        // Otherwise React Flow measures a changed card anew, and takes its lines away until it has.
        measured: { width: card.width, height: card.height },
        data: { node },
        ariaLabel: node.name,
        selected: node.id === selected,
        zIndex: 2,
      });
    }
  }
  return nodes;
}

const sameList = <T>(a: readonly T[], b: readonly T[]) =>
  a === b || (a.length === b.length && a.every((item, n) => item === b[n]));

/** Nothing that is drawn of it differs. */
export function sameNode(a: MapNode, b: MapNode): boolean {
  const inPlace =
    a.position.x === b.position.x && a.position.y === b.position.y && a.width === b.width && a.height === b.height;
  if (!inPlace || a.selected !== b.selected || a.parentId !== b.parentId) return false;
  if (a.type === 'container' || b.type === 'container') {
    if (a.type !== 'container' || b.type !== 'container') return false;
    const [one, other] = [a.data.container, b.data.container];
    return one.name === other.name && one.size === other.size && one.canClose === other.canClose;
  }
  return a.type === b.type && a.ariaLabel === b.ariaLabel && sameList(a.data.node.vms, b.data.node.vms);
}

/** Boxes in the coordinates of the map, from where things stand now. */
export function absoluteBoxes(nodes: readonly MapNode[]): PlacedBox[] {
  const parents = new Map(nodes.filter((node) => node.type === 'container').map((node) => [node.id, node.position]));
  return nodes.map(({ id, type, parentId, position, width = 0, height = 0 }) => {
    const parent = parents.get(parentId ?? '') ?? { x: 0, y: 0 };
    const kind = type === 'container' ? 'container' : 'card';
    return { id, kind, x: parent.x + position.x, y: parent.y + position.y, width, height };
  });
}

export const sameLink = (a: SceneLink, b: SceneLink) => a.unprotected === b.unprotected && sameList(a.edges, b.edges);

export function toEdges(
  links: readonly SceneLink[],
  ways: ReadonlyMap<string, Way>,
  describe: (link: SceneLink) => string,
  selected?: string,
): MapEdge[] {
  return links.flatMap((link): MapEdge[] => {
    const way = ways.get(link.id);
    if (way === undefined) return [];
    const { id, source, target } = link;
    const data = { link, way, label: lineLabel(link.services) };
    const chosen = id === selected;
    return [
      { id, source, target, type: 'link', data, ariaLabel: describe(link), selected: chosen, zIndex: chosen ? 3 : 1 },
    ];
  });
}

export const sameEdge = (a: MapEdge, b: MapEdge) =>
  a.data?.link === b.data?.link &&
  a.data?.way === b.data?.way &&
  a.selected === b.selected &&
  a.ariaLabel === b.ariaLabel;
