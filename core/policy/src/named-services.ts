import { type Id, type Rule, SERVICE_CATALOGUE, type Service } from '@hypervigil/model';
import type { CloudService } from './cloud.ts';

const CATALOGUE: ReadonlyMap<Id, Pick<CloudService, 'services'>> = new Map(
  SERVICE_CATALOGUE.map((one) => [one.id, one]),
);

/**
 * The services that a rule speaks of, its own and those that it names; null is every one. Names that nothing answers to are
 * no service, so a rule never widens because something is gone: it may speak of none then.
 */
export function servicesOf(
  { services, namedServiceIds }: Pick<Rule, 'services' | 'namedServiceIds'>,
  own: ReadonlyMap<Id, CloudService>,
): readonly Service[] | null {
  if (services.length + namedServiceIds.length === 0) return null;
  return [...services, ...namedServiceIds.flatMap((id) => (CATALOGUE.get(id) ?? own.get(id))?.services ?? [])];
}

/** Whether a name of a rule is anything's. */
export const isService = (id: Id, own: readonly Pick<CloudService, 'id'>[]): boolean =>
  CATALOGUE.has(id) || own.some((one) => one.id === id);
