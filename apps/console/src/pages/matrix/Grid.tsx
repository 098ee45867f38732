import type { MatrixCell } from '@hypervigil/contract';
import { Button } from '@patternfly/react-core';
import { type KeyboardEvent, memo, type SyntheticEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { packetText } from '../../data/analysis.ts';
import { type MatrixOf, SIGN } from './matrix-of.ts';

/** Of so few groups, the columns are wide enough for words. */
const IN_WORDS = 8;
/** As many services as a cell in words, and as its tooltip, has room for. */
const BRIEF = 2;
const LONG = 12;

interface Place {
  readonly row: number;
  readonly column: number;
}
interface Props {
  readonly matrix: MatrixOf;
  readonly onOpen: (matrix: MatrixOf, from: number, to: number) => void;
}

/**
 * A grid after the ARIA pattern: one cell is in the order of Tab, arrow keys move it. The rows are memoised and the table
 * listens for all its cells, so that a step draws two rows anew of a hundred.
 */
export function Grid({ matrix, onOpen }: Props) {
  const { t } = useTranslation();
  const table = useRef<HTMLTableElement>(null);
  const [chosen, choose] = useState<Place>();
  const { groups, rows } = matrix;
  const last = groups.length - 1;
  const at = { row: Math.min(chosen?.row ?? 0, last), column: Math.min(chosen?.column ?? 0, last) };
  const words = groups.length <= IN_WORDS;
  const open = () => onOpen(matrix, at.row, at.column);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') open();
    const to = stepped(event, at, last);
    if (to === undefined) return;
    event.preventDefault();
    cellOf(table.current, to)?.focus();
  };
  return (
    <>
      <div className="hv-matrix-frame">
        <table
          ref={table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the ARIA pattern of a grid in a table
          role="grid"
          className={`hv-matrix ${words ? 'hv-matrix--words' : ''} ${chosen ? 'hv-matrix--chosen' : ''}`}
          onKeyDown={onKeyDown}
          onFocus={(event) => choose(placeOf(event))}
          onDoubleClick={open}
        >
          <caption className="hv-matrix__caption">{t('matrix.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('matrix.corner')}</th>
              {groups.map(({ id, name }, column) => (
                <th key={id} scope="col" className={column === at.column ? 'hv-matrix__at' : ''} title={name}>
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(({ id, name }, row) => (
              <Row key={id} name={name} cells={rows[row]!} words={words} at={row === at.row ? at.column : undefined} />
            ))}
          </tbody>
        </table>
      </div>
      <Chosen matrix={matrix} place={chosen && at} onOpen={open} />
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly cells: readonly MatrixCell[];
  readonly words: boolean;
  /** The column of the chosen cell, if it is in this row. */
  readonly at: number | undefined;
}

const Row = memo(function Row({ name, cells, words, at }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr>
      <th scope="row" className={at === undefined ? '' : 'hv-matrix__at'} title={name}>
        {name}
      </th>
      {cells.map(({ to, allowed, services }, column) => {
        const label = [t(`matrix.allowed.${allowed}`), brief(services, LONG)].filter(Boolean).join(': ');
        return (
          <td
            key={to}
            className={`hv-matrix-${allowed}`}
            tabIndex={column === at ? 0 : -1}
            aria-label={label}
            title={label}
          >
            {SIGN[allowed]}
            {words && <span className="hv-mono">{brief(services, BRIEF)}</span>}
          </td>
        );
      })}
    </tr>
  );
});

interface ChosenProps {
  readonly matrix: MatrixOf;
  readonly place: Place | undefined;
  readonly onOpen: () => void;
}

/** The chosen cell in words, for those who have no tooltips, with the way to its reason. */
function Chosen({ matrix: { groups, rows }, place, onOpen }: ChosenProps) {
  const { t } = useTranslation();
  const cell = place && rows[place.row]?.[place.column];
  if (place === undefined || cell === undefined)
    return <p className="hv-matrix-chosen hv-muted">{t('matrix.choose')}</p>;
  const ends = { from: groups[place.row]?.name, to: groups[place.column]?.name };
  return (
    <p className="hv-matrix-chosen">
      <strong>{t('matrix.cell', ends)}</strong>
      <span>{t(`matrix.allowed.${cell.allowed}`)}</span>
      {cell.services.length > 0 && <span className="hv-mono">{brief(cell.services, LONG)}</span>}
      {cell.witness !== null && (
        <span className="hv-muted">
          {t('reach.example')} <code>{packetText(cell.witness)}</code>
        </span>
      )}
      <Button variant="link" isInline aria-label={t('matrix.why', ends)} onClick={onOpen}>
        {t('reach.why')}
      </Button>
    </p>
  );
}

function brief(services: readonly string[], count: number): string {
  const more = services.length - count;
  return [services.slice(0, count).join(', '), ...(more > 0 ? [`+${more}`] : [])].join(' ');
}

/** The cell that a key leads to. */
function stepped({ key, ctrlKey }: KeyboardEvent, { row, column }: Place, last: number): Place | undefined {
  const inside = (n: number) => Math.max(0, Math.min(last, n));
  switch (key) {
    case 'ArrowUp':
      return { row: inside(row - 1), column };
    case 'ArrowDown':
      return { row: inside(row + 1), column };
    case 'ArrowLeft':
      return { row, column: inside(column - 1) };
    case 'ArrowRight':
      return { row, column: inside(column + 1) };
    case 'Home':
      return { row: ctrlKey ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrlKey ? last : row, column: last };
    default:
      return undefined;
  }
}

const cellOf = (table: HTMLTableElement | null, { row, column }: Place) =>
  table?.tBodies[0]?.rows[row]?.cells[column + 1];

/** Of the cell that was focused: the first row and the first column are headers. */
function placeOf({ target }: SyntheticEvent): Place | undefined {
  if (!(target instanceof HTMLTableCellElement)) return undefined;
  const { parentElement: row } = target;
  return row instanceof HTMLTableRowElement ? { row: row.rowIndex - 1, column: target.cellIndex - 1 } : undefined;
}
