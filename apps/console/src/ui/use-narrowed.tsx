import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../data/queries.ts';
import type { FilterChip } from './FilterChips.tsx';
import { type Choice, FilterSelect } from './FilterSelect.tsx';
import { useUrl } from './use-url.ts';

/** A filter by one choice of few. */
export interface ChoiceFilter<T> {
  /** What the choice is called in the URL. */
  readonly key: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly fits: (item: T, value: string) => boolean;
  /** The choice is made elsewhere, as the tenant is in the masthead: no field, but a chip. */
  readonly isElsewhere?: boolean;
}

/** What an `EntityTable` takes of a list that the URL narrows. */
interface Narrowed<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly filters: ReactNode;
  readonly chips: readonly FilterChip[];
}

const NONE: readonly never[] = [];

/**
 * What of a list the address bar asks for: a search through the texts of an item, and one choice of each filter. A choice that
 * is none of the known ones narrows too, so that a link never shows more than it says.
 */
export function useNarrowed<T>(
  items: readonly T[] = NONE,
  textOf: (item: T) => readonly unknown[],
  filters: readonly ChoiceFilter<T>[] = NONE,
): Narrowed<T> {
  const [url, patch] = useUrl();
  const rows = useMemo(() => {
    const q = (url['q'] ?? '').toLowerCase();
    const chosen = filters.flatMap(({ key, fits }) => (url[key] ? [{ fits, value: url[key] }] : []));
    return items.filter(
      (item) =>
        chosen.every(({ fits, value }) => fits(item, value)) &&
        (q === '' || textOf(item).join('\n').toLowerCase().includes(q)),
    );
  }, [items, textOf, filters, url]);
  return {
    rows,
    total: items.length,
    filters: filters
      .filter(({ isElsewhere = false }) => !isElsewhere)
      .map(({ key, label, choices }) => (
        <FilterSelect
          key={key}
          label={label}
          value={url[key]}
          choices={choices}
          onChange={(value) => patch({ [key]: value })}
        />
      )),
    chips: filters.flatMap(({ key, label, choices }) => {
      const value = url[key];
      if (!value) return [];
      return [{ key, name: label, value: choices.find((choice) => choice.value === value)?.label ?? value }];
    }),
  };
}

/** The tenant that was chosen in the masthead. */
export function useTenantFilter(): ChoiceFilter<{ readonly tenantId: string | null }> {
  const { t } = useTranslation();
  const tenants = useCollection('tenants').items;
  return useMemo(
    () => ({
      key: 'tenant',
      label: t('vms.tenant'),
      choices: tenants.map(({ id, name }) => ({ value: id, label: name })),
      fits: ({ tenantId }, value) => tenantId === value,
      isElsewhere: true,
    }),
    [t, tenants],
  );
}

/** Of lists that nothing but the tenant narrows. */
export function useTenantFilters(): readonly ChoiceFilter<{ readonly tenantId: string | null }>[] {
  const filter = useTenantFilter();
  return useMemo(() => [filter], [filter]);
}
