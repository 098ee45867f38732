import { type Curve, type Point, pointOn } from './geometry.ts';
import type { Box } from './layout.ts';

/** Of the labels' type: 11 px of a fixed width, in a line of 16 px, with its padding. */
const GLYPH = 6.7;
const PADDING = 12;
const HEIGHT = 18;
/** Along the line, the middle first: people look for a label there. */
const TRIES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.22, 0.78, 0.16, 0.84] as const;

/** `tcp/443`; several services on one line are told by the first and how many more. */
export const lineLabel = (services: readonly string[]) =>
  services.length > 1 ? `${services[0]} +${services.length - 1}` : (services[0] ?? '');

const overlap = (a: Box, b: Box) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** Where each label stands: on its line, off what is taken and off the other labels as far as there is room. */
export function placeLabels(
  lines: readonly { readonly id: string; readonly text: string; readonly curve: Curve }[],
  obstacles: readonly Box[],
): ReadonlyMap<string, Point> {
  const taken: Box[] = [...obstacles];
  const places = new Map<string, Point>();
  for (const { id, text, curve } of lines) {
    const width = text.length * GLYPH + PADDING;
    let best: { point: Point; box: Box; cost: number } | undefined;
    for (const t of TRIES) {
      const point = pointOn(curve.bezier, t);
      const box = { x: point[0] - width / 2, y: point[1] - HEIGHT / 2, width, height: HEIGHT };
      const cost = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (best === undefined || cost < best.cost) best = { point, box, cost };
      if (cost === 0) break;
    }
    if (best === undefined) continue;
    places.set(id, best.point);
    taken.push(best.box);
  }
  return places;
}
