import { foldCase } from '@hypervigil/model';
import { type Column, type HasEnds, text } from '../rows/column.ts';

const SIDES = ['src', 'dst'] as const;

/** Whose an end is: a column for each part. */
export const owners = <R extends HasEnds>(): Column<R>[] =>
  SIDES.flatMap((side) => [
    text<R>(`${side}_mac`, (row) => row[side].mac),
    text<R>(`${side}_vm`, (row) => row[side].vmId),
    text<R>(`${side}_vnic`, (row) => row[side].vnicId),
    text<R>(`${side}_tenant`, (row) => row[side].tenantId),
  ]);

/** A name in lower case as filters mean it: servers do not agree on that of letters beyond ASCII. */
export const foldedName = <R>(get: (row: R) => string | null): Column<R> =>
  text('folded_name', (row) => {
    const name = get(row);
    return name === null ? null : foldCase(name);
  });
