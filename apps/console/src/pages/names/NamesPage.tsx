import { api, buildUrl } from '@hypervigil/contract';
import { NAME_KINDS, type NameEntry } from '@hypervigil/model';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { nameQueryOf } from '../../data/name-filter.ts';
import { namesOptions, resolveWindow, useCollection } from '../../data/queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { FilterChips } from '../../ui/FilterChips.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { NamesIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { TableTools } from '../../ui/TableTools.tsx';
import { useColumns } from '../../ui/use-columns.ts';
import { useUrl } from '../../ui/use-url.ts';
import { TimeWindow } from '../flows/TimeWindow.tsx';
import { useNameColumns } from './name-columns.tsx';

const idOf = (entry: NameEntry) => entry.id;
const nameOf = (entry: NameEntry) => `${entry.src.ip} ${entry.name}`;

/** Who asked for which name, when, and what the answer was; who spoke to whom. */
export function NamesPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const vms = useCollection('vms').byId;
  const query = useMemo(() => nameQueryOf(url), [url]);
  const columns = useNameColumns();
  const view = useColumns('names', columns);
  const list = useInfiniteQuery(namesOptions(query));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const { vm } = url;
  return (
    <PageFrame fill title={t('names.title')} subtitle={t('names.question')}>
      <div className="hv-list">
        <div className="hv-toolbar">
          <SearchBox value={url['name'] ?? ''} label={t('names.search')} onChange={(name) => patch({ name })} />
          <TimeWindow />
          <FilterSelect
            label={t('names.columns.kind')}
            value={url['kind']}
            choices={NAME_KINDS.map((value) => ({ value, label: t(`names.kinds.${value}`) }))}
            onChange={(kind) => patch({ kind })}
          />
          <span className="hv-toolbar__space" />
          <span className="hv-count" aria-live="polite">
            {t('table.count', { count: list.data?.pages.at(-1)?.total ?? 0 })}
          </span>
          <TableTools
            name="names"
            columns={columns}
            isShown={view.isShown}
            toggle={view.toggle}
            rows={rows}
            csvHref={buildUrl(api.exportNames, { query: resolveWindow(query, Date.now()) })}
          />
        </div>
        <FilterChips
          chips={vm ? [{ key: 'vm', name: t('flows.vm'), value: vms.get(vm)?.name ?? vm }] : []}
          onRemove={() => patch({ vm: undefined })}
          onClear={() => patch({ vm: undefined })}
        />
        <ListFrame
          loading={list.isPending}
          error={list.data === undefined ? list.error : null}
          retry={() => void list.refetch()}
          empty={
            rows.length === 0 && <EmptyTeach icon={NamesIcon} title={t('names.empty')} help={t('names.emptyHelp')} />
          }
        >
          <DataTable
            label={t('names.title')}
            columns={view.shown}
            rows={rows}
            rowId={idOf}
            rowName={nameOf}
            {...(list.hasNextPage && !list.isFetching ? { onEnd: () => void list.fetchNextPage() } : {})}
          />
        </ListFrame>
      </div>
    </PageFrame>
  );
}
