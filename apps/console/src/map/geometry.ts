import type { Box } from './layout.ts';

export interface Curve {
  readonly path: string;
  readonly start: readonly [number, number];
  readonly control: readonly [number, number];
  readonly end: readonly [number, number];
  readonly middle: readonly [number, number];
  /** Direction at the end, in radians: for the arrow or the bar. */
  readonly angle: number;
}

const centre = (box: Box): readonly [number, number] => [box.x + box.width / 2, box.y + box.height / 2];

/** Where the line from a box's centre towards a point leaves the box. */
function border(box: Box, [px, py]: readonly [number, number], margin: number): readonly [number, number] {
  const [cx, cy] = centre(box);
  const dx = px - cx;
  const dy = py - cy;
  if (dx === 0 && dy === 0) return [cx, cy];
  const scale = Math.min(
    (box.width / 2 + margin) / Math.max(Math.abs(dx), 1e-6),
    (box.height / 2 + margin) / Math.max(Math.abs(dy), 1e-6),
  );
  return [cx + dx * scale, cy + dy * scale];
}

const LANE = 30;
const MAX_BEND = 46;

/**
 * A curve between two boxes. It always bends to its own right, so that the two directions of a pair lie apart;
 * lanes fan out from there.
 */
export function curveBetween(source: Box, target: Box, lane: number, lanes: number): Curve {
  const [sx, sy] = centre(source);
  const [tx, ty] = centre(target);
  const dx = tx - sx;
  const dy = ty - sy;
  const length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(MAX_BEND, length * 0.14) + (lane - (lanes - 1) / 2) * LANE + ((lanes - 1) / 2) * (LANE / 2);
  const control: readonly [number, number] = [
    (sx + tx) / 2 - (dy / length) * bend * 2,
    (sy + ty) / 2 + (dx / length) * bend * 2,
  ];
  const start = border(source, control, 2);
  const end = border(target, control, 6);
  const middle: readonly [number, number] = [
    (start[0] + 2 * control[0] + end[0]) / 4,
    (start[1] + 2 * control[1] + end[1]) / 4,
  ];
  const round = (n: number) => Math.round(n * 10) / 10;
  return {
    path: `M${round(start[0])},${round(start[1])} Q${round(control[0])},${round(control[1])} ${round(end[0])},${round(end[1])}`,
    start,
    control,
    end,
    middle,
    angle: Math.atan2(end[1] - control[1], end[0] - control[0]),
  };
}

/** Pixels by volume, logarithmic: from 1.5 for a few packets to 7 for gibibytes. */
export const linkWidth = (bytes: number) =>
  Math.min(7, Math.max(1.5, 1.5 + (Math.log10(Math.max(bytes, 1)) - 3) * 0.85));

/** Lines fade with age in the chosen window, but never out of sight. */
export const linkOpacity = (lastAt: string, now: number, windowMs: number) =>
  Math.max(0.35, 1 - 0.65 * Math.min(1, Math.max(0, (now - Date.parse(lastAt)) / windowMs)));
