import { OvsError } from '../errors.ts';

export interface TableStats {
  readonly table: number;
  readonly flows: number;
  /** Packets that were looked up, and those that found a flow. */
  readonly lookups: bigint;
  readonly matches: bigint;
}

const entryLength = 24;

/** Reads `ofp_table_stats` entries (OpenFlow 1.5.1, 7.3.5.4) of tables in use. Throws `protocol`. */
export function readTables(body: Buffer): TableStats[] {
  if (body.length % entryLength !== 0)
    throw new OvsError('protocol', 'The switch sent table statistics that end inside an entry.');
  const tables: TableStats[] = [];
  for (let offset = 0; offset < body.length; offset += entryLength) {
    tables.push({
      table: body.readUInt8(offset),
      flows: body.readUInt32BE(offset + 4),
      lookups: body.readBigUInt64BE(offset + 8),
      matches: body.readBigUInt64BE(offset + 16),
    });
  }
  return tables.filter(({ flows, lookups }) => flows > 0 || lookups > 0n);
}
