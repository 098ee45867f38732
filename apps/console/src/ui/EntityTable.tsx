import { type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Selection } from './DataTable.tsx';
import { EmptyTeach } from './EmptyTeach.tsx';
import { type FilterChip, FilterChips } from './FilterChips.tsx';
import { SearchIcon } from './icons.tsx';
import { SearchBox } from './SearchBox.tsx';
import { TableTools } from './TableTools.tsx';
import { type Column, parseOrder, writeOrder } from './table-model.ts';
import { useColumns } from './use-columns.ts';
import { useUrl } from './use-url.ts';

interface Props<T> {
  /** Names the stored column choice and the CSV file. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly total: number;
  readonly rowId: (row: T) => string;
  readonly rowName: (row: T) => string;
  readonly filters?: ReactNode;
  readonly chips?: readonly FilterChip[];
  readonly defaultOrder?: string;
  readonly selection?: Selection;
  readonly bulk?: ReactNode;
  readonly activeId?: string | undefined;
  readonly onActivate?: (row: T) => void;
}

/** A list that is held whole: search, chips, order in the URL, columns, CSV, table. */
export function EntityTable<T>(props: Props<T>) {
  const { name, columns, rows, total, chips = [] } = props;
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const view = useColumns(name, columns);
  const search = useCallback((q: string) => patch({ q }), [patch]);
  const allChips = url['q'] ? [{ key: 'q', name: t('table.search'), value: url['q'] }, ...chips] : chips;
  const clear = () => patch(Object.fromEntries(allChips.map((chip) => [chip.key, undefined])));
  return (
    <div className="hv-list">
      <div className="hv-toolbar">
        <SearchBox value={url['q'] ?? ''} onChange={search} />
        {props.filters}
        <span className="hv-toolbar__space" />
        {props.bulk}
        <span className="hv-count" aria-live="polite">
          {rows.length === total
            ? t('table.count', { count: total })
            : t('table.filtered', { count: rows.length, total })}
        </span>
        <TableTools name={name} columns={columns} isShown={view.isShown} toggle={view.toggle} rows={rows} />
      </div>
      <FilterChips chips={allChips} onRemove={(key) => patch({ [key]: undefined })} onClear={clear} />
      {rows.length === 0 ? (
        <EmptyTeach icon={SearchIcon} title={t('table.noMatch')} help={t('table.noMatchHelp')} />
      ) : (
        <DataTable
          label={props.label}
          columns={view.shown}
          rows={rows}
          rowId={props.rowId}
          rowName={props.rowName}
          order={parseOrder(url['sort'] ?? props.defaultOrder)}
          onOrder={(order) => patch({ sort: writeOrder(order) })}
          {...(props.selection === undefined ? {} : { selection: props.selection })}
          activeId={props.activeId}
          {...(props.onActivate === undefined ? {} : { onActivate: props.onActivate })}
        />
      )}
    </div>
  );
}
