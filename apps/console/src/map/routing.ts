import { type Curve, curveBetween, type Point, type Port } from './geometry.ts';
import type { Box } from './layout.ts';

export interface Route {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}
type Side = 'left' | 'right' | 'top' | 'bottom';

const OUT: Readonly<Record<Side, Point>> = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] };
/** From this distance on a line has room for an S between two sides that face each other. */
const ROOM = 40;
/** Ports of one side stand at most so far from each other, and so far from its corners. */
const PITCH = { upright: 11, level: 64 } as const;
const CORNER = 8;
/** Upright lines run right of the middle: at the left of it stands the name of the container that they enter. */
const BESIDE_NAME = 24;

const middleX = (box: Box) => box.x + box.width / 2;
const middleY = (box: Box) => box.y + box.height / 2;

/**
 * The way of every line: cards that stand beside each other are joined by the sides that face each other, cards
 * above each other by bottom and top, and when another card stands between them, by a loop around it. The ends on
 * one side are in the order of where they go, so that lines from one card fan out without crossing.
 */
export function routeLinks(links: readonly Route[], cards: ReadonlyMap<string, Box>): ReadonlyMap<string, Curve> {
  const load = new Map<string, number>();
  const count = (node: string, side: Side) => load.get(`${node} ${side}`) ?? 0;
  const chosen = new Map<Route, readonly [Side, Side]>();
  const take = (link: Route, sides: readonly [Side, Side]) => {
    chosen.set(link, sides);
    for (const key of [`${link.source} ${sides[0]}`, `${link.target} ${sides[1]}`])
      load.set(key, (load.get(key) ?? 0) + 1);
  };
  const loops: Route[] = [];
  for (const link of links) {
    const sides = facing(cards.get(link.source), cards.get(link.target), cards);
    if (sides === undefined) loops.push(link);
    else take(link, sides);
  }
  // Loops come last: they take the side where less goes on.
  for (const link of loops) {
    const on = (side: Side) => count(link.source, side) + count(link.target, side);
    const side = on('right') < on('left') ? 'right' : 'left';
    take(link, [side, side]);
  }
  const ports = placePorts(chosen, cards);
  const curves = new Map<string, Curve>();
  for (const { id } of links) {
    const source = ports.get(`${id} source`);
    const target = ports.get(`${id} target`);
    if (source !== undefined && target !== undefined) curves.set(id, curveBetween(source, target));
  }
  return curves;
}

/** The two sides that see each other, if any do. */
function facing(from: Box | undefined, to: Box | undefined, cards: ReadonlyMap<string, Box>) {
  if (from === undefined || to === undefined) return undefined;
  if (to.x >= from.x + from.width + ROOM) return ['right', 'left'] as const;
  if (from.x >= to.x + to.width + ROOM) return ['left', 'right'] as const;
  const [upper, lower] = from.y <= to.y ? [from, to] : [to, from];
  const x = (middleX(from) + middleX(to)) / 2;
  const between = [...cards.values()].some(
    (card) =>
      card !== from && card !== to && card.x < x && x < card.x + card.width && card.y > upper.y && card.y < lower.y,
  );
  if (between || lower.y <= upper.y + upper.height) return undefined;
  return upper === from ? (['bottom', 'top'] as const) : (['top', 'bottom'] as const);
}

interface End {
  readonly key: string;
  readonly link: string;
  readonly towards: number;
}

function placePorts(chosen: ReadonlyMap<Route, readonly [Side, Side]>, cards: ReadonlyMap<string, Box>) {
  const bySide = new Map<string, { box: Box; side: Side; ends: End[] }>();
  for (const [link, sides] of chosen)
    for (const [n, node] of [link.source, link.target].entries()) {
      const box = cards.get(node);
      const other = cards.get(n === 0 ? link.target : link.source);
      const side = sides[n]!;
      if (box === undefined || other === undefined) continue;
      const key = `${node} ${side}`;
      const place = bySide.get(key) ?? { box, side, ends: [] };
      bySide.set(key, place);
      // Ends that go to the same card are in the order of their lines on both sides, so they run parallel.
      place.ends.push({
        key: `${link.id} ${n === 0 ? 'source' : 'target'}`,
        link: link.id,
        towards: OUT[side][0] === 0 ? middleX(other) : middleY(other),
      });
    }
  const ports = new Map<string, Port>();
  for (const { box, side, ends } of bySide.values()) {
    ends.sort((a, b) => a.towards - b.towards || (a.link < b.link ? -1 : 1));
    const level = OUT[side][0] === 0;
    const length = (level ? box.width - 2 * BESIDE_NAME : box.height) - 2 * CORNER;
    const pitch = Math.min(PITCH[level ? 'level' : 'upright'], Math.max(0, length) / Math.max(1, ends.length - 1));
    for (const [n, end] of ends.entries()) {
      const shift = (n - (ends.length - 1) / 2) * pitch;
      const at: Point = level
        ? [middleX(box) + BESIDE_NAME + shift, side === 'top' ? box.y : box.y + box.height]
        : [side === 'left' ? box.x : box.x + box.width, middleY(box) + shift];
      ports.set(end.key, { at, out: OUT[side] });
    }
  }
  return ports;
}
