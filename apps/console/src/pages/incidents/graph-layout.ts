import type { IncidentGraph } from '@hypervigil/model';

export const NODE = { width: 172, height: 46 } as const;
const GAP = { x: 150, y: 14 } as const;
/** Right of the last column: for lines that go around, and what is written on them. */
const AROUND = 130;
/** More than this are read in the table. */
const MAX_DRAWN = 40;

interface Point {
  readonly x: number;
  readonly y: number;
}
interface GraphLayout {
  /** Left upper corners. */
  readonly places: ReadonlyMap<string, Point>;
  readonly width: number;
  readonly height: number;
  readonly notDrawn: number;
}

/** Columns from left to right in the order in which things were done: who begins stands left of whom it is done to. */
export function layoutOf({ nodes, edges }: IncidentGraph): GraphLayout {
  const drawn = nodes.toSorted((a, b) => b.alerts - a.alerts).slice(0, MAX_DRAWN);
  const ids = new Set(drawn.map(({ id }) => id));
  const columnOf = depths(
    [...ids],
    edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
  );
  const columns = [...Map.groupBy(drawn, ({ id }) => columnOf.get(id)!)]
    .sort(([a], [b]) => a - b)
    .map(([, some]) => some);
  const heightOf = (count: number) => count * NODE.height + (count - 1) * GAP.y;
  const height = Math.max(NODE.height, ...columns.map(({ length }) => heightOf(length)));
  const places = new Map<string, Point>();
  for (const [column, some] of columns.entries())
    for (const [row, { id }] of some.entries())
      places.set(id, {
        x: column * (NODE.width + GAP.x),
        y: (height - heightOf(some.length)) / 2 + row * (NODE.height + GAP.y),
      });
  const width = columns.length * NODE.width + Math.max(0, columns.length - 1) * GAP.x + AROUND;
  return { places, width, height, notDrawn: nodes.length - drawn.length };
}

/** Steps from whom nobody does anything to; what goes in a circle begins anywhere in it. */
function depths(ids: readonly string[], edges: IncidentGraph['edges']): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const targets = new Set(edges.map(({ to }) => to));
  const spread = (begin: readonly string[]) => {
    let frontier = begin;
    for (let step = 0; frontier.length > 0; step++) {
      for (const id of frontier) depth.set(id, step);
      const reached = new Set(frontier);
      frontier = [...new Set(edges.flatMap(({ from, to }) => (reached.has(from) && !depth.has(to) ? [to] : [])))];
    }
  };
  spread(ids.filter((id) => !targets.has(id)));
  for (const id of ids) if (!depth.has(id)) spread([id]);
  return depth;
}

/** A line from one box to another, and where its arrow points: around, where the other does not stand further right. */
export function lineBetween(from: Point, to: Point): { path: string; arrow: string; middle: Point } {
  const [y1, y2] = [from.y + NODE.height / 2, to.y + NODE.height / 2];
  const x1 = from.x + NODE.width;
  const isAhead = to.x > from.x;
  const x2 = isAhead ? to.x : to.x + NODE.width;
  const [c1, c2] = isAhead ? [x1 + GAP.x / 2, x2 - GAP.x / 2] : [x1 + GAP.x / 2, x2 + GAP.x / 2];
  const tip = isAhead ? -9 : 9;
  return {
    path: `M ${x1} ${y1} C ${c1} ${y1} ${c2} ${y2} ${x2 + tip} ${y2}`,
    arrow: `${x2},${y2} ${x2 + tip},${y2 - 5} ${x2 + tip},${y2 + 5}`,
    middle: { x: isAhead ? (x1 + x2) / 2 : Math.max(x1, x2) + GAP.x / 3, y: (y1 + y2) / 2 - 6 },
  };
}
