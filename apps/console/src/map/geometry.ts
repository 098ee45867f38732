export type Point = readonly [number, number];

/** A place on the border of a card, and the direction (of length 1) that leads away from it. */
export interface Port {
  readonly at: Point;
  readonly out: Point;
}
export interface Curve {
  readonly path: string;
  readonly bezier: readonly [Point, Point, Point, Point];
  /** Where the arrow or the bar stands. */
  readonly end: Point;
  /** Direction at the end, in radians. */
  readonly angle: number;
}

/** Between the end of a line and the card; and the straight last stretch, which the arrow covers. */
const GAP = 4;
const HEAD = 7;

const ahead = ([x, y]: Point, [dx, dy]: Point, by: number): Point => [x + dx * by, y + dy * by];
const round = (n: number) => Math.round(n * 10) / 10;
const clamp = (n: number, min: number, max: number) => Math.min(max, Math.max(min, n));

/** A curve that leaves and enters cards at a right angle; between two ports that look the same way it is a loop. */
export function curveBetween(source: Port, target: Port): Curve {
  const end = ahead(target.at, target.out, GAP);
  const last = ahead(end, target.out, HEAD);
  const dx = last[0] - source.at[0];
  const dy = last[1] - source.at[1];
  const loop = source.out[0] === target.out[0] && source.out[1] === target.out[1];
  const along = Math.abs(dx * source.out[0] + dy * source.out[1]);
  const across = Math.abs(dx * source.out[1] + dy * source.out[0]);
  const reach = loop ? clamp(16 + across * 0.14, 22, 110) + along : clamp(along * 0.5, 10, 260);
  const bezier = [
    source.at,
    ahead(source.at, source.out, reach),
    ahead(last, target.out, loop ? reach - along : reach),
    last,
  ] as const;
  const [a, b, c, d] = bezier.map(([x, y]) => `${round(x)},${round(y)}`);
  return {
    path: `M${a} C${b} ${c} ${d} L${round(end[0])},${round(end[1])}`,
    bezier,
    end,
    angle: Math.atan2(-target.out[1], -target.out[0]),
  };
}

/** The point of a cubic curve at `t` from 0 to 1. */
export function pointOn([a, b, c, d]: Curve['bezier'], t: number): Point {
  const u = 1 - t;
  const at = (axis: 0 | 1) =>
    u * u * u * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t * t * t * d[axis];
  return [at(0), at(1)];
}

/** Pixels by volume, logarithmic: from 1.5 for a few packets to 5 for gibibytes. */
export const linkWidth = (bytes: number) => clamp(1.5 + (Math.log10(Math.max(bytes, 1)) - 3) * 0.55, 1.5, 5);

/** Lines fade with age in the chosen window, but never out of sight. */
export const linkOpacity = (lastAt: string, now: number, windowMs: number) =>
  Math.max(0.35, 1 - 0.65 * clamp((now - Date.parse(lastAt)) / windowMs, 0, 1));
