import type { NameRow } from '../name.ts';
import { addresses, type Column, i64, ports, text, u8, u16 } from './column.ts';

/** Of names. What means the same as in the table of updates is called the same, so that filters fit both. */
export const nameColumns = (owners: readonly Column<NameRow>[]): readonly Column<NameRow>[] => [
  i64('end_ms', (row) => row.atMs),
  text('host', (row) => row.hostId),
  u16('gateway_num', (row) => row.gatewayNum),
  text('gateway', (row) => row.gatewayId),
  text('network', (row) => row.networkId),
  u8('protocol', (row) => row.protocol),
  ...ports<NameRow>(),
  text('kind', (row) => row.kind),
  text('server_name', (row) => row.name),
  text('details', (row) => JSON.stringify(row.details)),
  ...addresses<NameRow>(),
  ...owners,
];
