import { OUTSIDE, type Scene, type SceneContainer } from './scene.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Placed {
  /** Containers, in the coordinates of the map. */
  readonly containers: ReadonlyMap<string, Box>;
  /** Nodes, in the coordinates of their container. */
  readonly nodes: ReadonlyMap<string, Box>;
}

const CARD = { width: 176, height: 48 } as const;
const CLUSTER = { width: 196, height: 84 } as const;
const OUTSIDE_CARD = { width: 132, height: 30 } as const;
const GAP = { x: 92, y: 44 } as const;
const DENSE_GAP = { x: 20, y: 16 } as const;
const PAD = { x: 34, top: 42, bottom: 24 } as const;
const MARGIN = { x: 130, y: 70 } as const;
/** Between few containers there is room for the lines and for what they are called. */
const WIDE_MARGIN_X = 250;
/** About the shape of a screen's upper half. */
const ASPECT = 2.6;
/** So few cards stand in one column, and so few containers in one row: lines then run across, as people read. */
const FEW = 4;
/** From here on cards stand closer: the picture is read by its mass, not by its lines. */
const DENSE = 24;

const sizeOf = (container: SceneContainer) => {
  const kind = container.nodes[0]?.kind;
  return kind === 'cluster' ? CLUSTER : kind === 'outside' ? OUTSIDE_CARD : CARD;
};

/** Cards in a grid; odd rows of several columns are shifted, so that a line between two rows does not run through a card. */
function inside(container: SceneContainer, nodes: Map<string, Box>): { width: number; height: number } {
  const card = sizeOf(container);
  const count = container.nodes.length;
  const dense = count > DENSE;
  const gap = dense ? DENSE_GAP : GAP;
  const single = container.id === OUTSIDE || count <= FEW;
  const columns = single ? 1 : Math.ceil(Math.sqrt(count * 0.7));
  const shift = dense || single ? 0 : card.width * 0.4;
  for (const [index, node] of container.nodes.entries()) {
    const row = Math.floor(index / columns);
    nodes.set(node.id, {
      x: PAD.x + (index % columns) * (card.width + gap.x) + (row % 2 === 1 ? shift : 0),
      y: PAD.top + row * (card.height + gap.y),
      ...card,
    });
  }
  const rows = Math.ceil(count / columns);
  return {
    width: 2 * PAD.x + columns * card.width + (columns - 1) * gap.x + (rows > 1 ? shift : 0),
    height: PAD.top + rows * card.height + (rows - 1) * gap.y + PAD.bottom,
  };
}

/**
 * The same scene always gives the same picture: containers by name in rows, what is outside at the left. Nothing
 * depends on traffic, so nothing moves while somebody looks.
 */
export function placeScene(scene: Scene): Placed {
  const nodes = new Map<string, Box>();
  const sized = scene.containers.map((container) => ({ id: container.id, ...inside(container, nodes) }));
  const containers = new Map<string, Box>();
  const outside = sized.find(({ id }) => id === OUTSIDE);
  const rest = sized.filter(({ id }) => id !== OUTSIDE);
  const marginX = rest.length <= FEW ? WIDE_MARGIN_X : MARGIN.x;
  const left = outside === undefined ? 0 : outside.width + marginX;
  const area = rest.reduce((sum, box) => sum + (box.width + marginX) * (box.height + MARGIN.y), 0);
  const lineWidth =
    rest.length <= FEW ? Number.POSITIVE_INFINITY : Math.max(Math.sqrt(area * ASPECT), ...rest.map((box) => box.width));
  let x = 0;
  let y = 0;
  let lineHeight = 0;
  for (const box of rest) {
    if (x > 0 && x + box.width > lineWidth) {
      x = 0;
      y += lineHeight + MARGIN.y;
      lineHeight = 0;
    }
    containers.set(box.id, { x: left + x, y, width: box.width, height: box.height });
    x += box.width + marginX;
    lineHeight = Math.max(lineHeight, box.height);
  }
  if (outside !== undefined) {
    const height = y + lineHeight;
    containers.set(OUTSIDE, {
      x: 0,
      y: Math.max(0, (height - outside.height) / 2),
      width: outside.width,
      height: outside.height,
    });
  }
  return { containers, nodes };
}
