import { MAX_POLICY_ORDER, type Policy } from '@hypervigil/model';

type Ordered = Pick<Policy, 'id' | 'order'>;

/** Between policies that are put beside one another, so that others find room there later. */
const STEP = 10;

/**
 * The orders by which a policy stands at a place among the others of its tier, which come in the order of decision: its own,
 * and where there is no number left between its neighbours, those of policies after it, which give way.
 */
export function ordersAt(others: readonly Ordered[], place: number, id: string): ReadonlyMap<string, number> {
  const [before, after] = [others[place - 1]?.order, others[place]?.order];
  const own = between(before, after);
  if (own !== undefined) return new Map([[id, own]]);
  let last = before === undefined ? 0 : before + STEP;
  const moved = new Map([[id, last]]);
  for (const one of others.slice(place)) {
    if (one.order > last) break;
    last += STEP;
    moved.set(one.id, last);
  }
  return last <= MAX_POLICY_ORDER ? moved : spread(others.toSpliced(place, 0, { id, order: -1 }));
}

function between(before: number | undefined, after: number | undefined): number | undefined {
  if (after === undefined) return inRange((before ?? 0) + STEP);
  if (before === undefined) return after > 0 ? Math.max(0, after - STEP) : undefined;
  return after - before > 1 ? before + Math.floor((after - before) / 2) : undefined;
}

const inRange = (order: number) => (order <= MAX_POLICY_ORDER ? order : undefined);

function spread(all: readonly Ordered[]): ReadonlyMap<string, number> {
  const step = Math.min(STEP, Math.floor(MAX_POLICY_ORDER / all.length));
  const orders = all.map(({ id, order }, i) => ({ id, order, next: (i + 1) * step }));
  return new Map(orders.filter(({ order, next }) => order !== next).map(({ id, next }) => [id, next]));
}
