import { Checkbox } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { Selection } from './DataTable.tsx';
import { DownIcon, UpIcon } from './icons.tsx';
import type { Column, Order } from './table-model.ts';

interface Props<T> {
  readonly columns: readonly Column<T>[];
  readonly order: Order | undefined;
  readonly onOrder: (order: Order) => void;
  readonly selection: Selection | undefined;
  readonly allIds: () => readonly string[];
}

export function TableHead<T>({ columns, order, onOrder, selection, allIds }: Props<T>) {
  const { t } = useTranslation();
  const total = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <>
      <colgroup>
        {selection !== undefined && <col style={{ width: 40 }} />}
        {columns.map((column) => (
          <col key={column.id} style={{ width: `${(100 * column.width) / total}%` }} />
        ))}
      </colgroup>
      <thead className="pf-v6-c-table__thead">
        <tr className="pf-v6-c-table__tr">
          {selection !== undefined && (
            <th className="pf-v6-c-table__th hv-table__check" scope="col">
              <Checkbox
                id="hv-select-all"
                aria-label={t('table.selectAll')}
                isChecked={selection.ids.size > 0}
                onChange={(_, checked) => selection.set(new Set(checked ? allIds() : []))}
              />
            </th>
          )}
          {columns.map((column) => {
            const active = order?.column === column.id;
            const descending = active && order.descending;
            return (
              <th
                key={column.id}
                scope="col"
                className={`pf-v6-c-table__th${column.numeric ? ' hv-numeric' : ''}`}
                {...(active ? { 'aria-sort': descending ? 'descending' : 'ascending' } : {})}
              >
                {column.sortable === false ? (
                  <span className={column.headerHidden ? 'hv-hidden' : undefined}>{column.header}</span>
                ) : (
                  <button
                    type="button"
                    className={`hv-sort${active ? ' hv-sort--active' : ''}`}
                    title={t('table.sortBy', { column: column.header })}
                    onClick={() => onOrder({ column: column.id, descending: active && !descending })}
                  >
                    <span>{column.header}</span>
                    {descending ? <DownIcon /> : <UpIcon />}
                  </button>
                )}
              </th>
            );
          })}
        </tr>
      </thead>
    </>
  );
}
