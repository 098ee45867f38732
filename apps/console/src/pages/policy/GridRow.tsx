import { memo, type ReactNode, useRef } from 'react';
import type { PolicyRow, RuleRow, TreeRow } from '../../data/policy-tree.ts';
import type { Column } from '../../ui/table-model.ts';
import { HEAD, MENU, PLACE } from './use-grid-keys.ts';

interface Props {
  readonly row: TreeRow;
  readonly index: number;
  readonly height: number;
  readonly columns: readonly Column<RuleRow>[];
  readonly chosen: boolean;
  readonly lifted: boolean;
  readonly line: 'none' | 'above' | 'below';
  /** The column of the cell that Tab comes to. */
  readonly active: string | undefined;
  /** Over that cell. */
  readonly editor: ReactNode;
  /** Of a policy: where it stands in its tier. */
  readonly place: (row: PolicyRow) => ReactNode;
  readonly head: (row: TreeRow) => ReactNode;
  readonly menu: (row: TreeRow) => ReactNode;
}

const LEVEL = { tier: 1, policy: 2, rule: 3 } as const;

function Row({ row, index, height, columns, chosen, lifted, line, active, editor, place, head, menu }: Props) {
  // A row that changes in place flashes: the class alternates, so that the animation starts again with each change.
  const said = row.kind === 'rule' ? row.rule : row.id;
  const seen = useRef({ said, changes: 0 });
  if (seen.current.said !== said) seen.current = { said, changes: seen.current.changes + 1 };
  const { changes } = seen.current;
  const classes = [
    'pf-v6-c-table__tr',
    `hv-row-${row.kind}`,
    chosen && 'pf-m-selected',
    lifted && 'hv-lifted',
    line !== 'none' && `hv-drop-${line}`,
    changes > 0 && (changes % 2 === 0 ? 'hv-flash-even' : 'hv-flash-odd'),
  ];
  const hasPlace = row.kind === 'policy' && columns[0]?.id === PLACE;
  const at = (column: string) => ({ 'data-cell': column, tabIndex: active === column ? 0 : -1 });
  return (
    <tr
      className={classes.filter(Boolean).join(' ')}
      style={{ height }}
      data-index={index}
      data-row={row.id}
      aria-rowindex={index + 2}
      aria-level={LEVEL[row.kind]}
      {...(row.kind === 'rule' ? {} : { 'aria-expanded': row.open })}
      {...(chosen ? { 'aria-current': 'true' as const } : {})}
    >
      {row.kind === 'rule' ? (
        columns.map((column) => (
          <td key={column.id} className={`pf-v6-c-table__td${column.numeric ? ' hv-numeric' : ''}`} {...at(column.id)}>
            {column.cell(row)}
            {active === column.id && editor}
          </td>
        ))
      ) : (
        <>
          {hasPlace && (
            <td className="pf-v6-c-table__td" {...at(PLACE)}>
              {place(row)}
            </td>
          )}
          <td className="pf-v6-c-table__td" colSpan={columns.length - (hasPlace ? 2 : 1)} {...at(HEAD)}>
            {head(row)}
          </td>
          <td className="pf-v6-c-table__td" {...at(MENU)}>
            {menu(row)}
          </td>
        </>
      )}
    </tr>
  );
}

export const GridRow = memo(Row);
