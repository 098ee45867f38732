import { randomBytes } from 'node:crypto';
import type { FlowRow } from '../flow.ts';
import type { NameRow } from '../name.ts';
import { type Cells, textCells, wholeCells } from '../rows/cells.ts';
import type { Column } from '../rows/column.ts';
import { type NativeColumn, nativeBlock, type Piece } from './native.ts';
import { KIND, NAME_COLUMNS, RECORD_COLUMNS, UPDATE_COLUMNS } from './schema.ts';

type Named = ReadonlyMap<string, Cells>;

/** A batch, in columns. */
export interface Batch {
  readonly id: string;
  readonly updates: { readonly rows: number; readonly cells: Named };
  readonly names: { readonly rows: number; readonly cells: Named };
}

const cellsOf = <R>(columns: readonly Column<R>[], rows: readonly R[]) => ({
  rows: rows.length,
  cells: new Map(rows.length === 0 ? [] : columns.map(({ name, cells }) => [name, cells(rows)])),
});

/** @throws FlowStoreError `FLOWSTORE_BAD_ROW` */
export const batchOf = (id: string, rows: readonly FlowRow[], names: readonly NameRow[]): Batch => ({
  id,
  updates: cellsOf(UPDATE_COLUMNS, rows),
  names: cellsOf(NAME_COLUMNS, names),
});

const repeated = (value: number, rows: number, width: 1 | 4): Cells =>
  wholeCells(Array(rows).fill(value), width, (n) => n as number);

/** The columns of a block that are no row's own, before all others. */
export const BLOCK_COLUMNS = ['record', 'batch', 'place', 'stored', ...RECORD_COLUMNS.map(({ name }) => name)];

/** Batches as one block: their updates, their names, and of each its id. */
export function blockOf(batches: readonly Batch[], nowMs: number): Buffer {
  const parts = [
    ...batches.map(({ updates }) => ({ ...updates, record: KIND.update })),
    ...batches.map(({ names }) => ({ ...names, record: KIND.name })),
    { rows: batches.length, cells: idCells(batches, nowMs), record: KIND.batch },
  ].filter(({ rows }) => rows > 0);
  const column = (name: string, pieces: readonly Piece[]) => ({ name, isNullable: false, pieces });
  const own: NativeColumn[] = [
    {
      ...column(
        'record',
        parts.map(({ record, rows }) => ({ rows, cells: repeated(record, rows, 1) })),
      ),
      type: 'u8',
    },
    {
      ...column(
        'batch',
        parts.map(({ rows, cells }) => ({ rows, cells: cells.get('batch') ?? null })),
      ),
      type: 'text',
    },
    {
      ...column(
        'place',
        parts.map(({ rows }) => ({ rows, cells: places(rows) })),
      ),
      type: 'bits',
    },
    // A DateTime is seconds since 1970 in 32 bits.
    {
      ...column(
        'stored',
        parts.map(({ rows }) => ({ rows, cells: repeated(Math.floor(nowMs / 1000), rows, 4) })),
      ),
      type: 'time',
    },
  ];
  const rest = RECORD_COLUMNS.map(
    (one): NativeColumn => ({
      ...one,
      pieces: parts.map(({ rows, cells }) => ({ rows, cells: cells.get(one.name) ?? null })),
    }),
  );
  return nativeBlock([...own, ...rest]);
}

/** An id is kept at the time that it was stored at. */
const idCells = (batches: readonly Batch[], nowMs: number): Named =>
  new Map<string, Cells>([
    ['batch', textCells(batches, ({ id }) => id)],
    ['end_ms', wholeCells(batches, 8, () => nowMs)],
  ]);

/** Tells rows apart that are alike: random, so that processes need not agree. */
function places(rows: number): Cells {
  const octets = randomBytes(rows * 8);
  const data = octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.byteLength) as ArrayBuffer;
  return { kind: 'fixed', width: 8, data, valid: null };
}
