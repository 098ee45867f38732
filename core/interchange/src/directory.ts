import type { Id } from '@hypervigil/model';
import type { Named } from './mistake.ts';

interface Row {
  readonly id: Id;
  readonly name: string;
}

/** The things of the cloud by name. */
export interface Directory {
  /** The name, or the id itself where the name would not lead back. */
  nameOf(what: Named, id: Id): string;
  /** Every id that a name or an id means: none, one, or several when a name is not unique. */
  idsOf(what: Named, name: string): readonly Id[];
  /** Learns the id of something new. */
  add(what: Named, row: Row): void;
}

export function createDirectory(rows: Readonly<Record<Named, readonly Row[]>>): Directory {
  const names = new Map<string, string>();
  const ids = new Map<string, Id[]>();
  const add = (what: Named, { id, name }: Row) => {
    names.set(`${what} ${id}`, name);
    const same = ids.get(`${what} ${name}`);
    if (same) same.push(id);
    else ids.set(`${what} ${name}`, [id]);
  };
  const idsOf = (what: Named, name: string) => {
    if (names.has(`${what} ${name.toLowerCase()}`)) return [name.toLowerCase()];
    return ids.get(`${what} ${name}`) ?? [];
  };
  for (const [what, list] of Object.entries(rows)) for (const row of list) add(what as Named, row);
  return {
    add,
    idsOf,
    nameOf(what, id) {
      const name = names.get(`${what} ${id}`);
      const found = name === undefined ? [] : idsOf(what, name);
      return name !== undefined && found.length === 1 && found[0] === id ? name : id;
    },
  };
}
