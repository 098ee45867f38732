/**
 * Values of a column as DuckDB keeps them in memory, so that a chunk of them is copied and not set one by one: that takes
 * a tenth of the time. All machines that DuckDB's binding is made for have the lower octet first.
 */
export type Cells = FixedCells | TextCells;

/** Numbers of one width. */
export interface FixedCells {
  readonly kind: 'fixed';
  readonly width: 1 | 2 | 4 | 8;
  readonly data: ArrayBuffer;
  /** A bit for each row, clear where it has no value; null where all have one. */
  readonly valid: Uint8Array | null;
}

/** Each text once, and which of them a row has: -1 for none. */
export interface TextCells {
  readonly kind: 'text';
  readonly words: readonly string[];
  readonly codes: Int32Array;
}

/** Which rows have a value. Begins with all of them. */
export class Validity {
  readonly #rows: number;
  #bits: Uint8Array | null = null;

  constructor(rows: number) {
    this.#rows = rows;
  }

  clear(row: number): void {
    this.#bits ??= new Uint8Array(Math.ceil(this.#rows / 64) * 8).fill(0xff);
    this.#bits[row >> 3]! &= ~(1 << (row & 7));
  }

  get bits(): Uint8Array | null {
    return this.#bits;
  }
}

export function textCells<R>(rows: readonly R[], get: (row: R) => string | null): TextCells {
  const codes = new Int32Array(rows.length).fill(-1);
  const known = new Map<string, number>();
  let last: string | null = null;
  let code = -1;
  for (let row = 0; row < rows.length; row++) {
    const text = get(rows[row]!);
    if (text === null) continue;
    // Many columns have the same text in row after row.
    if (text !== last) {
      code = known.get(text) ?? known.size;
      known.set(text, code);
      last = text;
    }
    codes[row] = code;
  }
  return { kind: 'text', words: [...known.keys()], codes };
}

const NUMBERS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;
const HIGH = 2 ** 32;

/** Whole numbers that fit: `get` has seen to it. */
export function wholeCells<R>(
  rows: readonly R[],
  width: FixedCells['width'],
  get: (row: R) => number | null,
): FixedCells {
  const valid = new Validity(rows.length);
  const data = new ArrayBuffer(rows.length * width);
  const halves = width === 8 ? new Uint32Array(data) : null;
  const numbers = width === 8 ? null : new NUMBERS[width](data);
  for (let row = 0; row < rows.length; row++) {
    const value = get(rows[row]!);
    if (value === null) valid.clear(row);
    else if (numbers !== null) numbers[row] = value;
    else {
      halves![row * 2] = value % HIGH;
      halves![row * 2 + 1] = value / HIGH;
    }
  }
  return { kind: 'fixed', width, data, valid: valid.bits };
}

export function bitsCells<R>(rows: readonly R[], get: (row: R) => bigint | null): FixedCells {
  const valid = new Validity(rows.length);
  const data = new BigUint64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = get(rows[row]!);
    if (value === null) valid.clear(row);
    else data[row] = value;
  }
  return { kind: 'fixed', width: 8, data: data.buffer, valid: valid.bits };
}
