import type { Flow } from '@hypervigil/model';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type FlowQuery, flowsOptions } from '../../data/queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { problemAt } from '../../ui/error-text.ts';
import { FlowsIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { TableTools } from '../../ui/TableTools.tsx';
import { FlowExport } from './FlowExport.tsx';
import { useShownColumns } from './flow-columns.tsx';

interface Props {
  readonly query: FlowQuery;
  /** Over the toolbar. */
  readonly above?: ReactNode;
  readonly toolbar: ReactNode;
  readonly chips?: ReactNode;
  readonly between?: ReactNode;
  readonly activeId?: string | undefined;
  readonly onActivate: (flow: Flow) => void;
  readonly onHover?: (flow: Flow | undefined) => void;
  readonly maxHeight?: number;
}

const idOf = (flow: Flow) => flow.id;
const nameOf = (flow: Flow) => `${flow.src.ip} → ${flow.dst.ip}`;

/** Flows newest first, read on as far as somebody scrolls; files are written by the platform, so that they are whole. */
export function FlowTable({ query, above, toolbar, chips, between, activeId, onActivate, onHover, maxHeight }: Props) {
  const { t } = useTranslation();
  const { columns, view } = useShownColumns();
  const flows = useInfiniteQuery(flowsOptions(query));
  const rows = flows.data?.pages.flatMap((page) => page.items) ?? [];
  const total = flows.data?.pages.at(-1)?.total ?? 0;
  return (
    <div className="hv-list">
      {above}
      <div className="hv-toolbar">
        {toolbar}
        <span className="hv-toolbar__space" />
        <span className="hv-count" aria-live="polite">
          {t('table.count', { count: total })}
        </span>
        <TableTools
          name="flows"
          columns={columns}
          isShown={view.isShown}
          toggle={view.toggle}
          rows={rows}
          take={<FlowExport query={query} total={total} />}
        />
      </div>
      {chips}
      {between}
      <ListFrame
        loading={flows.isPending}
        // A filter that cannot be read says so where it stands.
        error={flows.data === undefined && problemAt(flows.error, 'filter') === undefined ? flows.error : null}
        retry={() => void flows.refetch()}
        empty={
          rows.length === 0 && <EmptyTeach icon={FlowsIcon} title={t('flows.empty')} help={t('flows.emptyHelp')} />
        }
      >
        <DataTable
          label={t('flows.title')}
          columns={view.shown}
          rows={rows}
          rowId={idOf}
          rowName={nameOf}
          activeId={activeId}
          onActivate={onActivate}
          {...(onHover === undefined ? {} : { onHover })}
          {...(maxHeight === undefined ? {} : { maxHeight })}
          {...(flows.hasNextPage && !flows.isFetching ? { onEnd: () => void flows.fetchNextPage() } : {})}
        />
      </ListFrame>
    </div>
  );
}
