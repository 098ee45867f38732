import type { AddressSet } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressEntriesOptions } from '../../data/address-entries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';

interface Props {
  readonly set: AddressSet;
  readonly of: 'entries' | 'excluded';
}

/** Entries a page at a time: there may be a hundred thousand. */
export function EntryList({ set, of }: Props) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    addressEntriesOptions({ id: set.id, of, q }),
  );
  const pages = data?.pages ?? [];
  const shown = pages.flatMap(({ items }) => items);
  const total = pages[0]?.total ?? set[of];
  return (
    <section>
      <h3>{t(`addressSets.${of}Count`, { count: set[of] })}</h3>
      {set[of] > 20 && <SearchBox value={q} onChange={setQ} />}
      {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data !== undefined && shown.length === 0 && <p className="hv-muted">{t('addressSets.noEntries')}</p>}
      <ul className="hv-plain-list">
        {shown.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are texts in a fixed order, and one may stand twice
          <li key={place}>
            <Mono>{entry}</Mono>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="link" isLoading={isFetching} onClick={() => void fetchNextPage()}>
          {t('common.more', { count: total - shown.length })}
        </Button>
      )}
    </section>
  );
}
