import type { AuditEntry } from '@hypervigil/contract';
import { Button } from '@patternfly/react-core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { auditOptions } from '../../data/queries.ts';
import { actorText, auditActionText } from '../../i18n/codes.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { FilterChips } from '../../ui/FilterChips.tsx';
import { AuditIcon, RefreshIcon, SearchIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { OutcomeLabel } from '../../ui/labels.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { TableTools } from '../../ui/TableTools.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useColumns } from '../../ui/use-columns.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { detailsText } from './details.ts';
import { Subject } from './Subject.tsx';
import { useThings } from './things.ts';

const idOf = (entry: AuditEntry) => String(entry.id);
const paramsText = (entry: AuditEntry) =>
  Object.entries(entry.params)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

function useAuditColumns(): readonly Column<AuditEntry>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const things = useThings();
  return useMemo(
    () => [
      {
        id: 'at',
        header: t('audit.at'),
        width: 250,
        sortable: false,
        text: (entry) => entry.at,
        cell: (entry) => <time dateTime={entry.at}>{format.instant(entry.at)}</time>,
      },
      {
        id: 'actor',
        header: t('audit.actor'),
        width: 130,
        from: 'md',
        sortable: false,
        text: (entry) => entry.actor,
        cell: (entry) => <span title={entry.actor}>{actorText(t, entry.actor) || t('common.unknown')}</span>,
      },
      {
        id: 'action',
        header: t('audit.action'),
        width: 176,
        sortable: false,
        text: (entry) => entry.action,
        cell: (entry) => <span title={entry.action}>{auditActionText(t, entry)}</span>,
      },
      {
        id: 'subject',
        header: t('audit.subject'),
        width: 190,
        from: 'md',
        sortable: false,
        text: (entry) => entry.subject,
        cell: (entry) => (
          <span title={entry.subject}>
            <Subject entry={entry} things={things} />
          </span>
        ),
      },
      {
        id: 'outcome',
        header: t('audit.outcome'),
        width: 92,
        sortable: false,
        text: (entry) => entry.outcome,
        cell: (entry) => <OutcomeLabel outcome={entry.outcome} />,
      },
      {
        id: 'params',
        header: t('audit.params'),
        width: 176,
        from: 'lg',
        sortable: false,
        text: paramsText,
        cell: (entry) => (
          <span className="hv-muted" title={paramsText(entry)}>
            {detailsText(t, i18n.language, entry, things)}
          </span>
        ),
      },
      {
        id: 'requestId',
        header: t('audit.requestId'),
        width: 120,
        from: 'xl',
        sortable: false,
        text: (entry) => entry.requestId ?? '',
        cell: (entry) => <Mono>{entry.requestId ?? '–'}</Mono>,
      },
    ],
    [t, i18n.language, format, things],
  );
}

export function AuditPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const q = url['q'] ?? '';
  const audit = useInfiniteQuery(auditOptions(q));
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = useAuditColumns();
  const view = useColumns('audit', columns);
  const search = useCallback((next: string) => patch({ q: next }), [patch]);
  const empty =
    q === '' ? (
      <EmptyTeach icon={AuditIcon} title={t('audit.empty')} help={t('audit.emptyHelp')} />
    ) : (
      <EmptyTeach icon={SearchIcon} title={t('table.noMatch')} help={t('table.noMatchHelp')} />
    );
  return (
    <PageFrame
      fill
      title={t('audit.title')}
      subtitle={t('audit.question')}
      actions={
        <Button
          variant="secondary"
          icon={<RefreshIcon />}
          isLoading={audit.isRefetching}
          onClick={() => void audit.refetch()}
        >
          {t('audit.refresh')}
        </Button>
      }
    >
      <div className="hv-list">
        <div className="hv-toolbar">
          <SearchBox value={q} onChange={search} />
          <span className="hv-toolbar__space" />
          <span className="hv-count" aria-live="polite">
            {t('table.count', { count: audit.data?.pages[0]?.total ?? 0 })}
          </span>
          <TableTools name="audit" columns={columns} isShown={view.isShown} toggle={view.toggle} rows={rows} />
        </div>
        <FilterChips
          chips={q === '' ? [] : [{ key: 'q', name: t('table.search'), value: q }]}
          onRemove={() => patch({ q: undefined })}
          onClear={() => patch({ q: undefined })}
        />
        <ListFrame
          loading={audit.isPending}
          error={audit.data === undefined ? audit.error : null}
          retry={() => void audit.refetch()}
          empty={rows.length === 0 && empty}
        >
          <DataTable
            label={t('audit.title')}
            columns={view.shown}
            rows={rows}
            rowId={idOf}
            rowName={(entry) => auditActionText(t, entry)}
            {...(audit.hasNextPage && !audit.isFetching ? { onEnd: () => void audit.fetchNextPage() } : {})}
          />
        </ListFrame>
      </div>
    </PageFrame>
  );
}
