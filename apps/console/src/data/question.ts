import type { UrlState } from '../ui/use-url.ts';
import type { Question } from './analysis.ts';

export const ANYONE = 'anyone';

/** What the address bar asks; undefined before anything is asked. */
export function questionOf(url: UrlState): Question | undefined {
  const { from, to, service, of } = url;
  if (!from && !to && !service) return undefined;
  return {
    of: of === 'published' ? 'published' : 'draft',
    from: from || ANYONE,
    to: to || ANYONE,
    service: service ?? '',
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}
type Kind = 'group' | 'vm' | 'tenant';

/** What a side of a question can be called: `vm:web-1`; things that share their name are called by their ids. */
export function wheresOf(
  kind: Kind,
  items: readonly Named[],
): readonly { readonly where: string; readonly id: string }[] {
  const times = new Map<string, number>();
  for (const { name } of items) times.set(name, (times.get(name) ?? 0) + 1);
  return items.map(({ id, name }) => ({ id, where: `${kind}:${times.get(name) === 1 ? name : id}` }));
}
