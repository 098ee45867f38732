import { OvsError } from '../errors.ts';
import type { Column } from './columns.ts';
import { isRecord } from './rpc.ts';
import type { MonitorDialect, Ovsdb } from './session.ts';

type Columns = Readonly<Record<string, Column<unknown>>>;
export type Tables = Readonly<Record<string, Columns>>;

type Row<C extends Columns> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };

/** A live copy of some columns of some tables: rows by uuid. */
export interface Mirror<T extends Tables> {
  readonly tables: { readonly [N in keyof T]: ReadonlyMap<string, Row<T[N]>> };
  /** Called after each transaction of the server that changed what is mirrored. Returns how to stop. */
  onChange(listener: () => void): () => void;
}

export async function mirrorTables<T extends Tables>(ovsdb: Ovsdb, database: string, tables: T): Promise<Mirror<T>> {
  const names = Object.keys(tables);
  const copies = Object.fromEntries(names.map((name) => [name, new Map<string, Record<string, unknown>>()]));
  const listeners = new Set<() => void>();
  const request = Object.fromEntries(names.map((name) => [name, { columns: Object.keys(tables[name] ?? {}) }]));

  await ovsdb.monitor(database, request, (dialect, updates) => {
    for (const [name, rows] of Object.entries(updates)) {
      const [columns, copy] = [tables[name], copies[name]];
      if (columns && copy) applyRows(copy, columns, dialect, rows);
    }
    for (const listener of listeners) listener();
  });

  return {
    tables: copies as unknown as Mirror<T>['tables'],
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

type Copy = Map<string, Record<string, unknown>>;

function applyRows(copy: Copy, columns: Columns, dialect: MonitorDialect, rows: unknown): void {
  if (!isRecord(rows)) throw new OvsError('protocol', 'OVSDB sent a table update without rows.');
  for (const [uuid, change] of Object.entries(rows)) {
    if (!isRecord(change)) throw new OvsError('protocol', 'OVSDB sent a row update that is no object.');
    const row = dialect === 'diff' ? patched(copy.get(uuid), columns, change) : replaced(columns, change);
    if (row) copy.set(uuid, row);
    else copy.delete(uuid);
  }
}

/** `update2`: exactly one of initial, insert, modify, delete. */
function patched(current: Record<string, unknown> | undefined, columns: Columns, change: Record<string, unknown>) {
  const { initial, insert, modify } = change;
  const whole = initial ?? insert;
  if (isRecord(whole)) return decodeRow(columns, whole);
  if (!isRecord(modify)) return undefined;
  if (!current) throw new OvsError('protocol', 'OVSDB modified a row that it never sent.');
  const row = { ...current };
  for (const [name, json] of Object.entries(modify)) {
    const column = columns[name];
    if (column) row[name] = column.patch(row[name], json);
  }
  return row;
}

/** `update`: `new` is the whole row, or absent when it was deleted (RFC 7047, 4.1.6). */
function replaced(columns: Columns, change: Record<string, unknown>) {
  return isRecord(change['new']) ? decodeRow(columns, change['new']) : undefined;
}

function decodeRow(columns: Columns, json: Record<string, unknown>): Record<string, unknown> {
  const cells = Object.entries(columns).map(([name, column]): [string, unknown] => {
    return [name, name in json ? column.decode(json[name]) : column.empty];
  });
  return Object.fromEntries(cells);
}
