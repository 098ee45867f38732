import { type Curve, type Point, pointOn } from './geometry.ts';
import { type Box, TITLE_HEIGHT } from './layout.ts';
import { placeLabels } from './line-labels.ts';
import { type Route, routeLinks } from './routing.ts';

export interface PlacedBox extends Box {
  readonly id: string;
  readonly kind: 'container' | 'card';
}
export interface NamedRoute extends Route {
  /** What the line is called. */
  readonly text: string;
}
export interface Way {
  readonly curve: Curve;
  readonly labelAt: Point;
}

export const sameBox = (a: PlacedBox, b: PlacedBox) =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height && a.kind === b.kind;
export const sameRoute = (a: NamedRoute, b: NamedRoute) =>
  a.source === b.source && a.target === b.target && a.text === b.text;

/**
 * The way of every line, and where its label stands: clear of cards, titles and other labels when all are shown, in the
 * middle when only the one that is pointed at is. The dearest step of a large map: it depends on places and names
 * only, not on what the VMs do.
 */
export function layWays(
  routes: readonly NamedRoute[],
  boxes: readonly PlacedBox[],
  labelled: boolean,
): ReadonlyMap<string, Way> {
  const cards = new Map(boxes.filter(({ kind }) => kind === 'card').map((box) => [box.id, box]));
  const curves = routeLinks(routes, cards);
  const lines = routes.flatMap(({ id, text }) => {
    const curve = curves.get(id);
    return curve === undefined ? [] : [{ id, text, curve }];
  });
  const titles = boxes.flatMap((box) => (box.kind === 'container' ? [{ ...box, height: TITLE_HEIGHT }] : []));
  const places = labelled ? placeLabels(lines, [...cards.values(), ...titles]) : undefined;
  return new Map(lines.map(({ id, curve }) => [id, { curve, labelAt: places?.get(id) ?? pointOn(curve.bezier, 0.5) }]));
}
