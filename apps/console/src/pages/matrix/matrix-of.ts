import type { api, MatrixCell, ResponseOf } from '@hypervigil/contract';

type Answer = ResponseOf<typeof api.policyMatrix>;

/** Rows of cells, as they are drawn. */
export interface MatrixOf {
  readonly groups: Answer['groups'];
  readonly rows: readonly (readonly MatrixCell[])[];
}

/** By how much of a circle is filled, which the colour only repeats. */
export const SIGN: Readonly<Record<MatrixCell['allowed'], string>> = {
  everything: '●',
  something: '◐',
  nothing: '○',
  apart: '·',
};

/** The answer without the groups that are not wanted. */
export function narrowed({ groups, items }: Answer, wanted: ReadonlySet<string>): MatrixOf {
  const places = groups.flatMap(({ id }, place) => (wanted.has(id) ? [place] : []));
  const cells = items.filter(({ from, to }) => wanted.has(groups[from]!.id) && wanted.has(groups[to]!.id));
  const rows = Map.groupBy(cells, ({ from }) => from);
  return { groups: places.map((place) => groups[place]!), rows: places.map((place) => rows.get(place) ?? []) };
}
