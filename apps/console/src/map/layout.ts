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
/** Of a container's title; lines may cross it, their labels may not. */
export const TITLE_HEIGHT = 34;
const MARGIN = { x: 130, y: 70 } as const;
/** Between few containers there is room for the lines and for what they are called. */
const WIDE_MARGIN_X = 250;
/** About the shape of a screen's upper half. */
const ASPECT = 3;
/** So few cards stand in one column, and between so few containers there is a wide margin: lines then run across, as people read. */
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

type Sized = Pick<Box, 'width' | 'height'> & { readonly id: string };
interface Packed {
  readonly boxes: readonly (Box & { readonly id: string })[];
  readonly width: number;
  readonly height: number;
}

/** Rows from left to right, none longer than `lineWidth` unless one container is. */
function pack(sized: readonly Sized[], lineWidth: number, marginX: number): Packed {
  let x = 0;
  let y = 0;
  let width = 0;
  let lineHeight = 0;
  const boxes = sized.map((box) => {
    if (x > 0 && x + box.width > lineWidth) {
      x = 0;
      y += lineHeight + MARGIN.y;
      lineHeight = 0;
    }
    const at = { ...box, x, y };
    x += box.width + marginX;
    width = Math.max(width, at.x + box.width);
    lineHeight = Math.max(lineHeight, box.height);
    return at;
  });
  return { boxes, width, height: y + lineHeight };
}

/** The rows that leave the picture largest on a screen; at the same size, fewer rows. */
function packBest(sized: readonly Sized[], marginX: number): Packed {
  let lineWidth = 0;
  const tries = sized.map((box) => {
    lineWidth += box.width + marginX;
    return pack(sized, lineWidth, marginX);
  });
  const size = ({ width, height }: Packed) => Math.max(width / ASPECT, height);
  return tries.reduce((best, next) => (size(next) <= size(best) ? next : best), pack(sized, 0, marginX));
}

/**
 * The same scene always gives the same picture: containers by name in rows, what is outside at the left. Nothing
 * depends on traffic, so nothing moves while somebody looks.
 */
export function placeScene(scene: Scene): Placed {
  const nodes = new Map<string, Box>();
  const sized = scene.containers.map((container) => ({ id: container.id, ...inside(container, nodes) }));
  const outside = sized.find(({ id }) => id === OUTSIDE);
  const rest = sized.filter(({ id }) => id !== OUTSIDE);
  const marginX = rest.length <= FEW ? WIDE_MARGIN_X : MARGIN.x;
  const left = outside === undefined ? 0 : outside.width + marginX;
  const packed = packBest(rest, marginX);
  const containers = new Map<string, Box>(
    packed.boxes.map(({ id, x, y, width, height }) => [id, { x: left + x, y, width, height }]),
  );
  if (outside !== undefined)
    containers.set(OUTSIDE, {
      x: 0,
      y: Math.max(0, (packed.height - outside.height) / 2),
      width: outside.width,
      height: outside.height,
    });
  return { containers, nodes };
}
