import '@patternfly/react-styles/css/components/Table/table.css';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { headsOver, type PolicyRow, type RuleRow, type TreeRow } from '../../data/policy-tree.ts';
import { usePreferences } from '../../data/preferences.ts';
import { ROW_PX } from '../../ui/DataTable.tsx';
import { TableHead } from '../../ui/TableHead.tsx';
import type { Column } from '../../ui/table-model.ts';
import type { RowDrag } from '../../ui/use-row-drag.tsx';
import { CELL_EDITORS } from './CellEditor.tsx';
import { GridRow } from './GridRow.tsx';
import { type Cell, cellAt, HEAD, useGridKeys } from './use-grid-keys.ts';

interface Props {
  readonly rows: readonly TreeRow[];
  readonly indexOf: (id: string) => number;
  readonly columns: readonly Column<RuleRow>[];
  readonly drag: RowDrag;
  /** The rule or policy that is looked at; a link to it shows it. */
  readonly chosen: string | undefined;
  readonly onChoose: (row: TreeRow) => void;
  readonly onFold: (row: TreeRow, folded: boolean) => void;
  /** Whether the reader may not change a policy, or nobody can. */
  readonly isLocked: (policy: RuleRow['policy']) => boolean;
  readonly place: (row: PolicyRow) => ReactNode;
  readonly head: (row: TreeRow) => ReactNode;
  readonly menu: (row: TreeRow) => ReactNode;
  readonly editor: (row: RuleRow, column: Column<RuleRow>, close: () => void) => ReactNode;
  readonly footer: ReactNode;
}

const HEAD_PX = 32;
/** So long after the last key the row at which the reader has come to rest is the chosen one. */
const REST_MS = 200;

/**
 * Tiers, policies and rules in the order of decision, one table. Rows exist only where they are seen; the heads over the
 * first of them stay in sight. Arrow keys go from cell to cell, Enter edits.
 */
export function RuleGrid(props: Props) {
  const { rows, indexOf, columns, drag, chosen, onChoose, onFold } = props;
  const { t } = useTranslation();
  const rowHeight = ROW_PX[usePreferences().density];
  const frame = useRef<HTMLDivElement>(null);
  const [cell, setCell] = useState<Cell>();
  const [editing, setEditing] = useState(false);
  /** The cell that gets the focus as soon as it is there. */
  const wanted = useRef<Cell>(undefined);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]!.id,
    overscan: 8,
    scrollPaddingStart: 2 * rowHeight,
    scrollPaddingEnd: HEAD_PX,
    rangeExtractor: (range) =>
      [...new Set([...headsOver(rows, range.startIndex), ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();
  const { measure } = virtual;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another density have another height
  useEffect(() => measure(), [measure, rowHeight]);

  const reveal = useEffectEvent((id: string) => virtual.scrollToIndex(indexOf(id)));
  const isThere = chosen !== undefined && indexOf(chosen) >= 0;
  useEffect(() => {
    if (isThere) reveal(chosen!);
  }, [chosen, isThere]);

  const choose = useEffectEvent((id: string) => {
    const row = rows[indexOf(id)];
    if (row !== undefined && id !== chosen) onChoose(row);
  });
  const resting = cell?.row;
  useEffect(() => {
    if (resting === undefined) return undefined;
    const timer = setTimeout(() => choose(resting), REST_MS);
    return () => clearTimeout(timer);
  }, [resting]);

  const moveTo = (next: Cell) => {
    setCell(next);
    setEditing(false);
    wanted.current = next;
    virtual.scrollToIndex(indexOf(next.row));
  };
  useEffect(() => {
    if (wanted.current === undefined) return;
    const { row, column } = wanted.current;
    const element = frame.current?.querySelector<HTMLElement>(`tr[data-row="${row}"] [data-cell="${column}"]`);
    if (element == null) return;
    wanted.current = undefined;
    element.focus({ preventScroll: true });
  });
  const edit = (at: Cell) => {
    const row = rows[indexOf(at.row)];
    if (row?.kind === 'rule' && !props.isLocked(row.policy) && at.column in CELL_EDITORS) {
      setCell(at);
      setEditing(true);
      return;
    }
    const widget = frame.current?.querySelector<HTMLElement>(
      `tr[data-row="${at.row}"] [data-cell="${at.column}"] :is(button, a)`,
    );
    widget?.focus();
    if (widget?.classList.contains('hv-drag-handle') === false) widget.click();
  };
  const ids = useMemo(() => columns.map(({ id }) => id), [columns]);
  const onKeyDown = useGridKeys({
    rows,
    columns: ids,
    indexOf,
    page: () => Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / rowHeight) - 3),
    onMove: moveTo,
    onEdit: edit,
    onFold,
  });
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const at = cellAt(target);
    if (at === undefined || target.closest('.hv-cell-editor') !== null) return;
    if (target.closest('a, button, input, label') === null) moveTo(at);
    else setCell(at);
  };
  // Where Tab comes in, before anybody has been anywhere.
  const first = rows[0];
  const entry = cell !== undefined && indexOf(cell.row) >= 0 ? cell : first && { row: first.id, column: HEAD };
  let end = 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields; this holds a table
    <div ref={frame} className="hv-table hv-rule-grid" role="group" aria-label={t('policy.ruleCount')}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA pattern of a tree in a table
        role="treegrid"
        className="pf-v6-c-table pf-m-compact"
        aria-label={t('policy.ruleCount')}
        aria-rowcount={rows.length + 1}
        style={{ minWidth: columns.reduce((sum, { width }) => sum + width, 0) }}
      >
        <TableHead columns={columns} order={undefined} selection={undefined} allIds={NONE} onOrder={nothing} />
        <tbody
          className="pf-v6-c-table__tbody"
          onKeyDown={onKeyDown}
          onClick={onClick}
          onDoubleClick={(event) => {
            const at = cellAt(event.target as HTMLElement);
            if (at !== undefined && at.column in CELL_EDITORS && !editing) edit(at);
          }}
        >
          {items.flatMap((item) => {
            const row = rows[item.index]!;
            const gap = item.start - end;
            end = item.end;
            const active = entry?.row === row.id ? entry.column : undefined;
            return [
              ...(gap > 0 ? [<Gap key={`gap ${row.id}`} height={gap} span={columns.length} />] : []),
              <GridRow
                key={row.id}
                row={row}
                index={item.index}
                height={rowHeight}
                columns={columns}
                chosen={row.id === chosen}
                lifted={row.id === drag.lifted}
                line={
                  item.index === drag.gap
                    ? 'above'
                    : rows.length === drag.gap && item.index === rows.length - 1
                      ? 'below'
                      : 'none'
                }
                active={active}
                editor={
                  editing && row.kind === 'rule' && active !== undefined
                    ? props.editor(row, columns.find(({ id }) => id === active)!, () =>
                        moveTo({ row: row.id, column: active }),
                      )
                    : undefined
                }
                place={props.place}
                head={props.head}
                menu={props.menu}
              />,
            ];
          })}
          <Gap height={virtual.getTotalSize() - end} span={columns.length} />
        </tbody>
      </table>
      {drag.said}
      {props.footer}
    </div>
  );
}

const NONE = () => [];
const nothing = () => undefined;

/** In place of rows that are out of sight. */
function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it has the focus
    <tr aria-hidden="true">
      <td colSpan={span} className="hv-table__gap" style={{ height }} />
    </tr>
  );
}
