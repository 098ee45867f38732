import type { Condition } from '../sql/condition.ts';
import type { Cell, Row } from '../sql/rows.ts';
import { SAID } from './dialect.ts';
import { bound } from './literal.ts';
import type { Server } from './server.ts';
import { NoAnswer, tooSlow } from './server-error.ts';

/** What one question may take of the server. */
export interface QuestionLimits {
  readonly seconds: number;
  readonly memoryMiB: number;
}

/** Asks questions, and nothing else: what they say cannot change anything. */
export type Read = (question: Condition) => Promise<Row[]>;

/** Of the answer, after the server's own limit. */
const ANSWER_SECONDS = 10;
const MIB = 1024 * 1024;
/** Lists of ids are a part of the statement. */
const MAX_STATEMENT = 256 * MIB;

export const reader =
  (server: Server, { seconds, memoryMiB }: QuestionLimits): Read =>
  async (question) => {
    const settings = {
      max_execution_time: Math.max(1, Math.ceil(seconds)),
      max_memory_usage: memoryMiB * MIB,
      max_bytes_before_external_group_by: Math.floor(memoryMiB / 2) * MIB,
      max_bytes_before_external_sort: Math.floor(memoryMiB / 2) * MIB,
      max_query_size: MAX_STATEMENT,
      output_format_json_quote_64bit_integers: 1,
      readonly: 2,
    };
    const answer = await server
      .run(`${bound(question)} FORMAT JSONCompact`, seconds + ANSWER_SECONDS, settings)
      .catch((cause) => {
        throw cause instanceof NoAnswer && cause.isLate ? tooSlow(cause) : cause;
      });
    return rowsOf(JSON.parse(answer.toString()) as Answer);
  };

interface Answer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly Cell[])[];
}

const rowsOf = ({ meta, data }: Answer): Row[] =>
  data.map((cells) => {
    const row = Object.fromEntries(meta.map(({ name }, n) => [name.replace(/^_/, ''), namedParts(name, cells[n]!)]));
    return withAddresses(row);
  });

/** What was said together; nothing where its first part is missing. */
function namedParts(name: string, cell: Cell): Cell {
  const parts = SAID[name as keyof typeof SAID];
  if (parts === undefined || !Array.isArray(cell)) return cell;
  return cell[0] === null ? null : Object.fromEntries(parts.map((part, n) => [part, cell[n]!]));
}

function withAddresses(row: Row): Row {
  const whole = (end: string) => wholeAddress(row[`${end}_hi`], row[`${end}_lo`]);
  return { ...row, src_ip: whole('src_ip'), dst_ip: whole('dst_ip') };
}

export function wholeAddress(high: Cell | undefined, low: Cell | undefined): bigint | null {
  if (typeof high !== 'string' || typeof low !== 'string') return null;
  return (BigInt(high) << 64n) | BigInt(low);
}
