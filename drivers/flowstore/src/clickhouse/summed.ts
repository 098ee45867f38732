/**
 * What a statement gathers, by name: each comes back as `_name`. ClickHouse takes a name that is given for the column of that name
 * everywhere in the same statement, also within what it is given to; to rename all in a statement around it would be clearer, but version 18
 * takes twice as long for each.
 */
export type Gathered = Readonly<Record<string, string>>;

/** @param after what follows the grouping */
export function summed(from: string, keys: readonly string[] | Gathered, gathered: Gathered, after = ''): string {
  const named = isList(keys) ? Object.fromEntries(keys.map((key) => [key, key])) : keys;
  const grouping = `GROUP BY ${Object.keys(named).map(given).join(', ')}`;
  return `SELECT ${aliased({ ...named, ...gathered })} FROM ${from} ${grouping} ${after}`;
}

const isList = (keys: readonly string[] | Gathered): keys is readonly string[] => Array.isArray(keys);

/** The name that something that was gathered comes back as. */
export const given = (name: string): string => `_${name}`;
export const givenAll = (names: readonly string[]): string => names.map(given).join(', ');

const aliased = (columns: Gathered): string =>
  Object.entries(columns)
    .map(([name, sql]) => `${sql} AS ${given(name)}`)
    .join(', ');

/** Columns under names that other columns have. */
export const renamed = (from: string, columns: Gathered): string =>
  `SELECT ${Object.keys(columns)
    .map((name) => `${given(name)} AS ${name}`)
    .join(', ')} FROM (SELECT ${aliased(columns)} FROM ${from})`;
