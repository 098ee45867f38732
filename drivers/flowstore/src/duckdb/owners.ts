import type { FlowEnd } from '@hypervigil/model';
import { textCells } from '../rows/cells.ts';
import type { Column } from '../rows/column.ts';
import type { Condition } from '../sql/condition.ts';
import type { OwnerPart } from '../sql/dialect.ts';

type Owner = Omit<FlowEnd, 'ip' | 'port'>;

/** Whose an end is, four texts in one column: they come together, and each owner's text is kept once for many flows. */
const PARTS = ['mac', 'vm', 'vnic', 'tenant'] as const;
const SIDES = ['src', 'dst'] as const;
/** Neither ids nor MACs have one. */
const SEPARATOR = ',';

export const owners = <R extends { readonly [side in (typeof SIDES)[number]]: Owner }>(): Column<R>[] =>
  SIDES.map((side) => ({ name: `${side}_owner`, type: 'text', cells: (rows) => textCells(rows, ownerText(side)) }));

/** The same owner comes again and again: its text is made once. */
function ownerText<S extends string>(side: S): (row: { readonly [side in S]: Owner }) => string | null {
  const known = new Map<string, { readonly owner: Owner; readonly text: string }>();
  return (row) => {
    const owner = row[side];
    const { mac, vmId, vnicId, tenantId } = owner;
    const name = vnicId ?? mac ?? vmId ?? tenantId;
    if (name === null) return null;
    const before = known.get(name);
    if (before !== undefined && isSame(before.owner, owner)) return before.text;
    const text = [mac, vmId, vnicId, tenantId].join(SEPARATOR);
    known.set(name, { owner, text });
    return text;
  };
}

const isSame = (a: Owner, b: Owner): boolean =>
  a.vnicId === b.vnicId && a.mac === b.mac && a.vmId === b.vmId && a.tenantId === b.tenantId;

const part = (side: string, index: number): string =>
  `nullif(split_part(${side}_owner, '${SEPARATOR}', ${index + 1}), '')`;

/** A part of an end's owner that is one of so many values, each a `?`: where only the owner is at hand. */
export const isOneOf = (side: 'src' | 'dst', name: (typeof PARTS)[number], values: number): string =>
  `split_part(${side}_owner, '${SEPARATOR}', ${PARTS.indexOf(name) + 1}) IN (${Array(values).fill('?').join(', ')})`;

/**
 * A part of an end's owner is this. The owner's text is searched for it before it is cut: DuckDB does so once for each owner of a
 * block, and cuts the texts of few rows then; of two conditions joined by AND it would try now and then the other first.
 */
export const isOwnedBy = ({ side, part }: OwnerPart, value: string): Condition => ({
  sql: `CASE WHEN contains(${side}_owner, ?) THEN ${side}_${part} = ? ELSE false END`,
  params: [`${SEPARATOR}${value}`, value],
});

/** `src_mac`, `src_vm` and so on: made of the owners of those that are looked at, when they are. */
export const OWNER_PARTS = SIDES.flatMap((side) =>
  PARTS.map((name, index) => `${part(side, index)} AS ${side}_${name}`),
).join(', ');

/** The columns that stood in an owner's place until version 8, as one. */
export const OWNERS_OF_PARTS = SIDES.map((side) => {
  const names = PARTS.map((name) => `${side}_${name}`);
  const joined = names.map((name) => `coalesce(${name}, '')`).join(` || '${SEPARATOR}' || `);
  return { names, sql: `CASE WHEN coalesce(${names.join(', ')}) IS NOT NULL THEN ${joined} END AS ${side}_owner` };
});
