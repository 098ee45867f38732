import type { Edge, Node } from '@xyflow/react';
import type { Curve, Point } from './geometry.ts';
import { type Box, type Placed, TITLE_HEIGHT } from './layout.ts';
import { lineLabel, placeLabels } from './line-labels.ts';
import type { Moved } from './moved.ts';
import { routeLinks } from './routing.ts';
import type { Scene, SceneContainer, SceneLink, SceneNode } from './scene.ts';

interface LineData extends Record<string, unknown> {
  readonly link: SceneLink;
  readonly curve: Curve;
  readonly label: string;
  readonly labelAt: Point;
}
export type ContainerNode = Node<{ readonly container: SceneContainer }, 'container'>;
export type CardNode = Node<{ readonly node: SceneNode }, 'vm' | 'cluster' | 'outside'>;
export type MapNode = ContainerNode | CardNode;
export type MapEdge = Edge<LineData, 'link'>;

/** The scene with its places, as React Flow wants it. What somebody moved stays where they put it. */
export function toNodes(
  scene: Scene,
  placed: Placed,
  moved: Moved,
  nameOf: (node: SceneContainer | SceneNode) => string,
): MapNode[] {
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
        data: { node },
        ariaLabel: nameOf(node),
        zIndex: 2,
      });
    }
  }
  return nodes;
}

/** Boxes of the cards in the coordinates of the map, from where they stand now. */
export function absoluteBoxes(nodes: readonly MapNode[]): ReadonlyMap<string, Box> {
  const parents = new Map(nodes.filter((node) => node.type === 'container').map((node) => [node.id, node.position]));
  const boxes = new Map<string, Box>();
  for (const node of nodes) {
    const parent = parents.get(node.parentId ?? '') ?? { x: 0, y: 0 };
    boxes.set(node.id, {
      x: parent.x + node.position.x,
      y: parent.y + node.position.y,
      width: node.width ?? 0,
      height: node.height ?? 0,
    });
  }
  return boxes;
}

/** The lines with their ways and the places of their labels, from where the cards stand now. */
export function toEdges(
  links: readonly SceneLink[],
  nodes: readonly MapNode[],
  describe: (link: SceneLink) => string,
): MapEdge[] {
  const boxes = absoluteBoxes(nodes);
  const cards = new Map(nodes.flatMap(({ id, type }) => (type === 'container' ? [] : [[id, boxes.get(id)!] as const])));
  const curves = routeLinks(links, cards);
  const lines = links.flatMap((link) => {
    const curve = curves.get(link.id);
    return curve === undefined ? [] : [{ id: link.id, link, curve, text: lineLabel(link.services) }];
  });
  const titles = nodes.flatMap(({ id, type }) =>
    type === 'container' ? [{ ...boxes.get(id)!, height: TITLE_HEIGHT }] : [],
  );
  const places = placeLabels(lines, [...cards.values(), ...titles]);
  return lines.map(
    ({ id, link, curve, text }): MapEdge => ({
      id,
      source: link.source,
      target: link.target,
      type: 'link',
      data: { link, curve, label: text, labelAt: places.get(id)! },
      ariaLabel: describe(link),
      zIndex: 1,
    }),
  );
}
