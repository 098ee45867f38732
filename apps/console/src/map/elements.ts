import type { Edge, Node } from '@xyflow/react';
import type { Box, Placed } from './layout.ts';
import type { Moved } from './moved.ts';
import type { Scene, SceneContainer, SceneLink, SceneNode } from './scene.ts';

export type ContainerNode = Node<{ readonly container: SceneContainer }, 'container'>;
export type CardNode = Node<{ readonly node: SceneNode }, 'vm' | 'cluster' | 'outside'>;
export type MapNode = ContainerNode | CardNode;
export type MapEdge = Edge<{ readonly link: SceneLink; readonly from: Box; readonly to: Box }, 'link'>;

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

export function toEdges(
  links: readonly SceneLink[],
  boxes: ReadonlyMap<string, Box>,
  describe: (link: SceneLink) => string,
): MapEdge[] {
  return links.flatMap((link): MapEdge[] => {
    const from = boxes.get(link.source);
    const to = boxes.get(link.target);
    if (from === undefined || to === undefined) return [];
    return [
      {
        id: link.id,
        source: link.source,
        target: link.target,
        type: 'link',
        data: { link, from, to },
        ariaLabel: describe(link),
        zIndex: 1,
      },
    ];
  });
}
