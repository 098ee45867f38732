import type { Group } from '@hypervigil/model';
import type { DocumentGroup } from '../document/schema.ts';
import type { PolicyState } from '../state.ts';

/** Groups of a document, each behind those that it will name, directly or through others. They are in no circle. */
export function innermostFirst(wanted: readonly DocumentGroup[], { groups }: PolicyState): DocumentGroup[] {
  const written = new Map(wanted.map((group) => [group.name, group]));
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const named = new Map(groups.map((group) => [group.name, group.groupIds.map((id) => names.get(id) ?? id)]));
  // A document may write an id in place of a name.
  const inner = (name: string): readonly string[] =>
    (written.get(name)?.groups ?? named.get(name) ?? []).map((one) => names.get(one) ?? one);
  return behindEach([...written.keys()], inner).flatMap((name) => written.get(name) ?? []);
}

/** Groups as they can go: each before those that it names. */
export function outermostFirst(groups: readonly Group[]): Group[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const order = behindEach([...byId.keys()], (id) => byId.get(id)?.groupIds ?? []);
  return order.flatMap((id) => byId.get(id) ?? []).reverse();
}

/** Keys and what they lead to, each once, behind everything that it leads to. */
function behindEach(keys: readonly string[], next: (key: string) => readonly string[]): string[] {
  const found = new Set<string>();
  const entered = new Set<string>();
  const visit = (key: string): void => {
    if (entered.has(key)) return;
    entered.add(key);
    for (const one of next(key)) visit(one);
    found.add(key);
  };
  for (const key of keys) visit(key);
  return [...found];
}
