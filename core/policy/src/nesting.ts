import { GROUP_NESTING, type Group, type Id, type Mistake } from '@hypervigil/model';

type Groups = ReadonlyMap<Id, Pick<Group, 'name' | 'groupIds'>>;

/** Says what is wrong with how a group is nested: it is within itself, or part of a nest that is too deep. */
export function checkNesting(groups: Groups): (id: Id) => Mistake | undefined {
  const outer = new Map<Id, Id[]>();
  for (const [around, { groupIds }] of groups)
    for (const id of groupIds) outer.set(id, [...(outer.get(id) ?? []), around]);
  const innerOf = (id: Id): readonly Id[] => groups.get(id)?.groupIds ?? [];
  const outerOf = (id: Id): readonly Id[] => outer.get(id) ?? [];

  return (id) => {
    const circle = wayBack(id, innerOf);
    if (circle) {
      const path = circle.map((one) => groups.get(one)?.name ?? one).join(' → ');
      return { code: 'nested-in-itself', params: { path } };
    }
    return levels(id, innerOf) + levels(id, outerOf) - 1 > GROUP_NESTING
      ? { code: 'nested-too-deep', params: { maximum: GROUP_NESTING } }
      : undefined;
  };
}

type Next = (id: Id) => readonly Id[];

/** The shortest way from a group through those within it to itself. One longer than a nest may be deep is not looked for. */
function wayBack(id: Id, next: Next): Id[] | undefined {
  const cameFrom = new Map<Id, Id>();
  let level: Id[] = [id];
  for (let n = 0; n < GROUP_NESTING && level.length > 0; n++) {
    const found: Id[] = [];
    for (const one of level)
      for (const inner of next(one)) {
        if (inner === id) return [...wayTo(one, cameFrom), id];
        if (cameFrom.has(inner)) continue;
        cameFrom.set(inner, one);
        found.push(inner);
      }
    level = found;
  }
  return undefined;
}

function wayTo(id: Id, cameFrom: ReadonlyMap<Id, Id>): Id[] {
  const way = [id];
  for (let one = cameFrom.get(id); one !== undefined; one = cameFrom.get(one)) way.unshift(one);
  return way;
}

/** Groups in the longest way from one, itself counted; more than a nest may be deep are not counted. */
function levels(id: Id, next: Next): number {
  let level: ReadonlySet<Id> = new Set([id]);
  let count = 0;
  for (; level.size > 0 && count <= GROUP_NESTING; count++) level = new Set([...level].flatMap(next));
  return count;
}
