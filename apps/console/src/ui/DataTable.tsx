import '@patternfly/react-styles/css/components/Table/table.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../data/preferences.ts';
import { TableHead } from './TableHead.tsx';
import { type Line, TableRow } from './TableRow.tsx';
import { type Column, keepOrder, type Order, sortRows } from './table-model.ts';
import type { RowDrag } from './use-row-drag.tsx';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly set: (ids: ReadonlySet<string>) => void;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  readonly rowName: (row: T) => string;
  readonly order?: Order | undefined;
  readonly onOrder?: (order: Order) => void;
  readonly activeId?: string | undefined;
  readonly onActivate?: (row: T) => void;
  readonly selection?: Selection;
  readonly onHover?: (row: T | undefined) => void;
  /** The reader orders the rows by hand: their order is not held while the pointer is over them. */
  readonly drag?: RowDrag;
  /** Called when the end comes near; undefined while nothing more can be read. */
  readonly onEnd?: () => void;
  readonly footer?: ReactNode;
  /** Height of a table inside another page; without it the table fills its frame. */
  readonly maxHeight?: number;
}

const NEAR_END = 20;
export const ROW_PX = { comfortable: 40, compact: 30 } as const;

/** A real table whose rows exist only where they are seen: assistive technology still knows how many there are. */
export function DataTable<T>(props: Props<T>) {
  const { columns, rows, rowId, rowName, order, selection, activeId, onActivate, onHover, onEnd, maxHeight, drag } =
    props;
  const { i18n } = useTranslation();
  const { density } = usePreferences();
  const frame = useRef<HTMLDivElement>(null);
  const [frozen, setFrozen] = useState<readonly string[] | undefined>();

  const sorted = useMemo(() => sortRows(rows, columns, order, i18n.language), [rows, columns, order, i18n.language]);
  const shown = useMemo(
    () => (frozen === undefined ? sorted : keepOrder(frozen, sorted, rowId)),
    [frozen, sorted, rowId],
  );
  const rowHeight = ROW_PX[density];
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowId(shown[index]!),
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  // Also when rows have come and the reader is still at the end of them.
  const nearEnd = onEnd !== undefined && (items.at(-1)?.index ?? -1) >= shown.length - NEAR_END;
  const readOn = useEffectEvent(() => onEnd?.());
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows are a new end
  useEffect(() => {
    if (nearEnd) readOn();
  }, [nearEnd, shown.length]);
  // A link to a row shows it; a row that was clicked is seen already.
  const activeAt = activeId === undefined ? -1 : shown.findIndex((row) => rowId(row) === activeId);
  const reveal = useEffectEvent(() => activeAt >= 0 && virtual.scrollToIndex(activeAt));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another row is active, not when it moves
  useEffect(() => {
    reveal();
  }, [activeId, activeAt >= 0]);
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + column.width, selection === undefined ? 0 : 40);
  const span = columns.length + (selection === undefined ? 0 : 1);

  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const current = (event.target as HTMLElement).closest('tr')?.dataset['index'];
    if (step === undefined || current === undefined) return;
    const next = Number(current) + step;
    if (next < 0 || next >= shown.length) return;
    event.preventDefault();
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`tr[data-index="${next}"]`)?.focus());
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields; this holds a table
    <div
      ref={frame}
      className="hv-table"
      {...(maxHeight === undefined ? {} : { style: { maxHeight } })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      role="group"
      aria-label={props.label}
      onPointerEnter={() => drag === undefined && setFrozen(shown.map(rowId))}
      onPointerLeave={() => {
        setFrozen(undefined);
        onHover?.(undefined);
      }}
    >
      <table
        className="pf-v6-c-table pf-m-compact"
        aria-label={props.label}
        aria-rowcount={shown.length + 1}
        style={{ minWidth: width }}
      >
        <TableHead
          columns={columns}
          order={order}
          selection={selection}
          allIds={() => shown.map(rowId)}
          onOrder={(next) => {
            setFrozen(undefined);
            props.onOrder?.(next);
          }}
        />
        <tbody className="pf-v6-c-table__tbody" onKeyDown={onKeyDown}>
          {before > 0 && (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a gap in place of rows that are out of sight
            <tr aria-hidden="true">
              <td colSpan={span} className="hv-table__gap" style={{ height: before }} />
            </tr>
          )}
          {items.map((item) => {
            const row = shown[item.index]!;
            const id = rowId(row);
            return (
              <TableRow
                key={id}
                row={row}
                id={id}
                name={rowName(row)}
                index={item.index}
                height={rowHeight}
                columns={columns}
                active={id === activeId}
                line={lineAt(item.index, shown.length, drag?.gap)}
                onActivate={onActivate}
                onHover={onHover}
                selection={selection}
              />
            );
          })}
          {after > 0 && (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a gap in place of rows that are out of sight
            <tr aria-hidden="true">
              <td colSpan={span} className="hv-table__gap" style={{ height: after }} />
            </tr>
          )}
        </tbody>
      </table>
      {drag?.said}
      {props.footer}
    </div>
  );
}

/** Where a dragged row would be put in; after the last row it stands at that row's foot. */
const lineAt = (index: number, count: number, gap: number | undefined): Line =>
  gap === index ? 'above' : gap === count && index === count - 1 ? 'below' : 'none';
