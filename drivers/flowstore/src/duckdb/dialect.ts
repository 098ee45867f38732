import type { Dialect } from '../sql/dialect.ts';
import { isOwnedBy } from './owners.ts';

const said = (of: string) => (part: string) => `struct_extract(${of}, '${part}')`;
const pending = said('pending');
const inspection = said('inspection');
const recognised = said('recognised');
const verdict = pending('verdict');
/** As `later-gateways.ts` writes them; none is no list. */
const later = `coalesce(regexp_extract_all(${inspection('later')}, ':([^ ]+)', 1), [])`;
const applications = (text: string) => `string_split(lower(${text}), '.')`;

export const DUCKDB: Dialect = {
  integer: '?::BIGINT',
  unsigned: 'CAST(? AS UBIGINT)',
  wide: (sql) => `CAST(${sql} AS UBIGINT)`,
  contains: (text) => `contains(${text}, ?)`,
  startsWith: (text) => `starts_with(${text}, ?)`,
  has: (list) => `list_contains(${list}, ?)`,
  hasAny: (list) => `list_has_any(${list}, string_split(?, ','))`,
  noneIn: (list) => `${list} IS NULL`,
  hasBit: (bits) => `(${bits} & CAST(? AS UBIGINT)) <> 0`,
  isAmong: (sql, which) => `${sql} IN (SELECT unnest(string_split(?, ','))${which === 'number' ? '::BIGINT' : ''})`,
  isOwnedBy,
  address: (side) => `${side}_ip`,
  foldedName: (name) => `lower(${name})`,
  applications,
  said: { pending, inspection, recognised, blocked: said('blocked') },
  list: {
    pending: `CASE WHEN ${verdict} IS NOT NULL THEN [${verdict}, CASE WHEN ${verdict} <> verdict THEN 'differs' END] END`,
    gateways: `nullif(list_filter(list_concat([${inspection('id')}], ${later}), lambda id: id IS NOT NULL), [])`,
    applications: applications(recognised('application')),
    // As `signatures.ts` writes them: within a message the quotes are escaped.
    signatures: `regexp_extract_all(signatures, '"id":([0-9]+),', 1)`,
  },
};
