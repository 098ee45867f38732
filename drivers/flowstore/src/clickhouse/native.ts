import type { Cells, FixedCells, TextCells } from '../rows/cells.ts';
import type { ColumnType } from '../rows/column.ts';

/** Rows of one kind in a column; null where they have no value. */
export interface Piece {
  readonly cells: Cells | null;
  readonly rows: number;
}

export interface NativeColumn {
  readonly name: string;
  /** `time` is in seconds. */
  readonly type: ColumnType | 'time';
  readonly isNullable: boolean;
  readonly pieces: readonly Piece[];
}

const TYPES: Readonly<Record<NativeColumn['type'], string>> = {
  ...{
    text: 'String',
    u8: 'UInt8',
    u16: 'UInt16',
    u32: 'UInt32',
    i64: 'Int64',
    bits: 'UInt64',
    flag: 'UInt8',
    time: 'DateTime',
  },
};
const WIDTHS: Readonly<Record<NativeColumn['type'], number>> = {
  ...{ text: 0, u8: 1, u16: 2, u32: 4, i64: 8, bits: 8, flag: 1, time: 4 },
};

export const typeOf = ({ type, isNullable }: Pick<NativeColumn, 'type' | 'isNullable'>): string =>
  isNullable ? `Nullable(${TYPES[type]})` : TYPES[type];

/** A block as ClickHouse sends it itself (format `Native`): columns one after the other, as they are in memory. */
export function nativeBlock(columns: readonly NativeColumn[]): Buffer {
  const rows = columns[0]!.pieces.reduce((sum, piece) => sum + piece.rows, 0);
  const parts = [varint(columns.length), varint(rows)];
  for (const column of columns) {
    parts.push(prefixed(column.name), prefixed(typeOf(column)));
    if (column.isNullable) parts.push(...column.pieces.map(missingIn));
    parts.push(...column.pieces.map((piece) => valuesOf(piece, WIDTHS[column.type])));
  }
  return Buffer.concat(parts);
}

function varint(value: number): Buffer {
  const octets: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) octets.push((rest % 0x80) | 0x80);
  octets.push(rest);
  return Buffer.from(octets);
}

function prefixed(text: string): Buffer {
  const octets = Buffer.from(text);
  return Buffer.concat([varint(octets.length), octets]);
}

/** An octet for each row: 1 where it has no value. */
function missingIn({ cells, rows }: Piece): Buffer {
  if (cells === null) return Buffer.alloc(rows, 1);
  const missing = Buffer.alloc(rows);
  if (cells.kind === 'text') for (let row = 0; row < rows; row++) missing[row] = cells.codes[row]! < 0 ? 1 : 0;
  else if (cells.valid !== null) {
    const { valid } = cells;
    for (let row = 0; row < rows; row++) missing[row] = (valid[row >> 3]! >> (row & 7)) & 1 ? 0 : 1;
  }
  return missing;
}

/** Where a row has no value, there is nothing, or zero. */
function valuesOf({ cells, rows }: Piece, width: number): Buffer {
  if (cells === null) return Buffer.alloc(rows * Math.max(width, 1));
  return cells.kind === 'text' ? textsOf(cells) : numbersOf(cells);
}

const numbersOf = ({ data }: FixedCells): Buffer => Buffer.from(data);

const NOTHING = Buffer.from([0]);

function textsOf({ words, codes }: TextCells): Buffer {
  const texts = words.map(prefixed);
  return Buffer.concat(Array.from(codes, (code) => (code < 0 ? NOTHING : texts[code]!)));
}
