import { hex, masked } from './match.ts';
import { TABLES, type TableName } from './tables.ts';

/** Actions in Open vSwitch's own canonical text for OpenFlow 1.5 (ovs-actions(7)). */

export const actions = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(',');

export const set = (register: string, value: number): string => `set_field:${hex(value)}->${register}`;
export const setBits = (register: string, bits: number | bigint): string =>
  `set_field:${masked(bits, bits)}->${register}`;
export const clearBits = (register: string, bits: number): string => `set_field:${masked(0, bits)}->${register}`;
export const copy = (from: string, to: string): string => `move:${wide(from)}->${wide(to)}`;

/** Ask a table and come back. */
export const ask = (table: TableName): string => `resubmit(,${TABLES[table]})`;
/** Go on in a table. */
export const next = (table: TableName): string => `goto_table:${TABLES[table]}`;

/** `reg4` → `NXM_NX_REG4[]` */
export const wide = (register: string, range = ''): string => `NXM_NX_${register.toUpperCase()}[${range}]`;
