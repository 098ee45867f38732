import type { KeyboardEvent } from 'react';
import type { TreeRow } from '../../data/policy-tree.ts';

/** The cell that arrow keys start from. Heads have what they say, their menu, and policies the place where they stand. */
export interface Cell {
  readonly row: string;
  readonly column: string;
}
export const HEAD = 'head';
export const MENU = 'actions';
export const PLACE = 'n';

/** The cells of a row, from left to right. */
function cellsOf({ kind }: TreeRow, columns: readonly string[]): readonly string[] {
  if (kind === 'rule') return columns;
  return kind === 'policy' && columns[0] === PLACE ? [PLACE, HEAD, MENU] : [HEAD, MENU];
}

interface Grid {
  readonly rows: readonly TreeRow[];
  readonly columns: readonly string[];
  readonly indexOf: (id: string) => number;
  readonly page: () => number;
  readonly onMove: (cell: Cell) => void;
  readonly onEdit: (cell: Cell) => void;
  readonly onFold: (row: TreeRow, folded: boolean) => void;
}

/** The keys of a grid of data whose rows fold (ARIA: treegrid). */
export function useGridKeys({ rows, columns, indexOf, page, onMove, onEdit, onFold }: Grid) {
  const go = (index: number, column: string) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return;
    const isThere = cellsOf(row, columns).includes(column);
    onMove({ row: row.id, column: isThere ? column : row.kind === 'rule' ? 'name' : HEAD });
  };
  return (event: KeyboardEvent<HTMLElement>) => {
    const cell = cellAt(event.target as HTMLElement);
    if (cell === undefined || event.defaultPrevented) return;
    const at = indexOf(cell.row);
    const row = rows[at]!;
    const across = cellsOf(row, columns);
    const beside = (step: number) => across[across.indexOf(cell.column) + step] ?? cell.column;
    const far = event.ctrlKey || event.metaKey;
    const folds = row.kind !== 'rule' && cell.column === HEAD;
    switch (event.key) {
      case 'ArrowDown':
        go(at + 1, cell.column);
        break;
      case 'ArrowUp':
        go(at - 1, cell.column);
        break;
      case 'PageDown':
        go(at + page(), cell.column);
        break;
      case 'PageUp':
        go(at - page(), cell.column);
        break;
      case 'ArrowRight':
        if (folds && !row.open) onFold(row, false);
        else go(at, beside(1));
        break;
      case 'ArrowLeft':
        if (folds && row.open) onFold(row, true);
        else go(at, beside(-1));
        break;
      case 'Home':
        go(far ? 0 : at, across[0]!);
        break;
      case 'End':
        go(far ? rows.length - 1 : at, across.at(-1)!);
        break;
      case 'Enter':
      case 'F2':
        if (event.target !== event.currentTarget && (event.target as HTMLElement).closest('button, a') !== null) return;
        if (folds) onFold(row, row.open);
        else onEdit(cell);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
}

export function cellAt(target: HTMLElement): Cell | undefined {
  const column = target.closest<HTMLElement>('[data-cell]')?.dataset['cell'];
  const row = target.closest<HTMLElement>('tr[data-row]')?.dataset['row'];
  return column === undefined || row === undefined ? undefined : { row, column };
}
