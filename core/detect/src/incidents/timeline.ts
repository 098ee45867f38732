import type { IncidentMoment } from '@hypervigil/model';

/** The last of them; an incident that goes on for long is not read from its beginning. */
const MAX_MOMENTS = 500;
/** What begins comes first, of the same instant. */
const ORDER: readonly IncidentMoment['kind'][] = [
  ...([
    'began',
    'raised',
    'lasted',
    'placed',
    'told',
    'triage',
    'start',
    'assign',
    'response',
    'comment',
    'close',
  ] as const),
];

/** What happened, the oldest first; what happened to several alerts at once is told once. */
export function inOrder(moments: readonly IncidentMoment[]): IncidentMoment[] {
  const same = Map.groupBy(moments, ({ alertIds, ...moment }) => JSON.stringify(moment));
  return [...same.values()]
    .map((some): IncidentMoment => ({ ...some[0]!, alertIds: [...new Set(some.flatMap(({ alertIds }) => alertIds))] }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .slice(-MAX_MOMENTS);
}
