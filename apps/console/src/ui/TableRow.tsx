import { Checkbox } from '@patternfly/react-core';
import { type MouseEvent, memo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Selection } from './DataTable.tsx';
import type { Column } from './table-model.ts';

export type Line = 'none' | 'above' | 'below';

interface Props<T> {
  readonly row: T;
  readonly id: string;
  readonly name: string;
  readonly index: number;
  readonly height: number;
  readonly columns: readonly Column<T>[];
  readonly active: boolean;
  readonly line: Line;
  readonly onActivate: ((row: T) => void) | undefined;
  readonly onHover: ((row: T | undefined) => void) | undefined;
  readonly selection: Selection | undefined;
}

function Row<T>({ row, id, name, index, height, columns, active, line, onActivate, onHover, selection }: Props<T>) {
  const { t } = useTranslation();
  // A row that changes in place flashes: the class alternates, so that the animation starts again with each change.
  const seen = useRef({ row, changes: 0 });
  if (seen.current.row !== row) seen.current = { row, changes: seen.current.changes + 1 };
  const { changes } = seen.current;
  const flash = changes === 0 ? '' : changes % 2 === 0 ? ' hv-flash-even' : ' hv-flash-odd';
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).closest('a, button, input, label') !== null) return;
    if (window.getSelection()?.toString()) return; // somebody is copying an address
    onActivate?.(row);
  };
  return (
    <tr
      className={`pf-v6-c-table__tr${onActivate === undefined ? '' : ' pf-m-clickable'}${active ? ' pf-m-selected' : ''}${line === 'none' ? '' : ` hv-drop-${line}`}${flash}`}
      style={{ height }}
      data-index={index}
      aria-rowindex={index + 2}
      {...(onActivate === undefined ? {} : { tabIndex: 0, ...(active ? { 'aria-current': 'true' as const } : {}) })}
      onClick={onClick}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) onActivate?.(row);
      }}
      onPointerEnter={() => onHover?.(row)}
    >
      {selection !== undefined && (
        <td className="pf-v6-c-table__td hv-table__check">
          <Checkbox
            id={`select-${id}`}
            aria-label={t('table.select', { name })}
            isChecked={selection.ids.has(id)}
            onChange={(_, checked) => {
              const next = new Set(selection.ids);
              if (checked) next.add(id);
              else next.delete(id);
              selection.set(next);
            }}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} className={`pf-v6-c-table__td${column.numeric ? ' hv-numeric' : ''}`}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

export const TableRow = memo(Row) as typeof Row;
