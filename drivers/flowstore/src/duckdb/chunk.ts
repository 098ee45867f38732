import { type DuckDBAppender, DuckDBDataChunk, type DuckDBType } from '@duckdb/node-api';
import duckdb, { type Vector } from '@duckdb/node-bindings';
import type { Cells, FixedCells, TextCells } from '../rows/cells.ts';

/** DuckDB's vector size: the most that a chunk holds. A multiple of 8, so that a chunk's validity begins with an octet. */
const CHUNK_ROWS = 2048;

export function appendCells(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: readonly Cells[],
  rows: number,
): void {
  const places = columns.map((cells) => (cells.kind === 'text' ? new Int32Array(cells.words.length).fill(-1) : null));
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from);
    const chunk = DuckDBDataChunk.create(types, count);
    for (const [index, cells] of columns.entries()) {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
      if (cells.kind === 'fixed') fillFixed(vector, cells, from, count);
      else fillText(vector, cells, places[index]!, from, count);
    }
    appender.appendDataChunk(chunk);
  }
}

function fillFixed(vector: Vector, { data, width, valid }: FixedCells, from: number, count: number): void {
  duckdb.copy_data_to_vector(vector, 0, data, from * width, count * width);
  if (valid !== null) setValidity(vector, valid, from / 8, count);
}

function setValidity(vector: Vector, valid: Uint8Array, from: number, count: number): void {
  duckdb.vector_ensure_validity_writable(vector);
  const { buffer, byteOffset } = valid;
  duckdb.copy_data_to_vector_validity(vector, 0, buffer as ArrayBuffer, byteOffset + from, Math.ceil(count / 8));
}

/** Words of 32 bits of a `duckdb_string_t`: the length, then the text or, of one of more than 12 octets, where it stands. */
const STRING_WORDS = 4;

/**
 * Gives each text to the first row that has it, and to the others what this one then refers to: the text stays with the chunk.
 * @param places the row that had a text first, of those of this chunk or an earlier one
 */
function fillText(vector: Vector, { words, codes }: TextCells, places: Int32Array, from: number, count: number): void {
  let given = 0;
  let missing = 0;
  for (let row = from; row < from + count; row++) {
    const code = codes[row]!;
    if (code < 0) missing++;
    else if (places[code]! < from) {
      duckdb.vector_assign_string_element(vector, row - from, words[code]!);
      places[code] = row;
      given++;
    }
  }
  if (given + missing < count) repeatTexts(vector, codes, places, from, count);
  if (missing > 0) setValidity(vector, validityOf(codes, from, count), 0, count);
}

function repeatTexts(vector: Vector, codes: Int32Array, places: Int32Array, from: number, count: number): void {
  const { buffer, byteOffset, byteLength } = duckdb.vector_get_data(vector, count * STRING_WORDS * 4);
  const data = new Uint32Array(buffer, byteOffset, count * STRING_WORDS);
  for (let row = 0; row < count; row++) {
    const code = codes[from + row]!;
    if (code < 0) continue;
    const first = (places[code]! - from) * STRING_WORDS;
    const at = row * STRING_WORDS;
    data[at] = data[first]!;
    data[at + 1] = data[first + 1]!;
    data[at + 2] = data[first + 2]!;
    data[at + 3] = data[first + 3]!;
  }
  duckdb.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset, byteLength);
}

function validityOf(codes: Int32Array, from: number, count: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 64) * 8);
  for (let row = 0; row < count; row++) if (codes[from + row]! >= 0) bits[row >> 3]! |= 1 << (row & 7);
  return bits;
}
