import type { Dialect } from '../sql/dialect.ts';

/** What is said together in a tuple of `judged.ts`, in order. */
export const SAID = {
  pending: ['verdict', 'rule_num', 'rule', 'policy'],
  inspection: ['outcome', 'num', 'id', 'later'],
  recognised: ['application', 'name', 'risks', 'folded'],
  blocked: ['blocked_by', 'what'],
} as const;

const said =
  <K extends keyof typeof SAID>(of: K) =>
  (part: (typeof SAID)[K][number]): string =>
    `tupleElement(${of}, ${(SAID[of] as readonly string[]).indexOf(part) + 1})`;
const [pending, inspection, recognised] = [said('pending'), said('inspection'), said('recognised')];

const verdict = pending('verdict');
const withoutNone = (list: string) => `arrayFilter(x -> x != '', ${list})`;
const applications = (text: string) => withoutNone(`splitByChar('.', lower(ifNull(${text}, '')))`);
const split = `arrayJoin(${withoutNone("splitByChar(',', ?)")})`;

export const CLICKHOUSE: Dialect = {
  integer: '?',
  unsigned: 'toUInt64(?)',
  wide: (sql) => `toUInt64(${sql})`,
  contains: (text) => `position(${text}, ?) > 0`,
  startsWith: (text) => `startsWith(ifNull(${text}, ''), ?)`,
  has: (list) => `has(${list}, ?)`,
  hasAny: (list) => `hasAny(${list}, splitByChar(',', ?))`,
  noneIn: (list) => `empty(${list})`,
  hasBit: (bits) => `bitAnd(${bits}, toUInt64(?)) != 0`,
  // A value that is missing is none of them: neither are ids empty nor numbers below zero.
  isAmong: (sql, which) =>
    which === 'number'
      ? `ifNull(toInt64(${sql}), toInt64(-1)) IN (SELECT toInt64(${split}))`
      : `ifNull(${sql}, '') IN (SELECT ${split})`,
  isOwnedBy: ({ side, part }, value) => ({ sql: `${side}_${part} = ?`, params: [value] }),
  address: (side) => `concat(toString(${side}_ip_hi), ',', toString(${side}_ip_lo))`,
  foldedName: (name) => (name === 'server_name' ? 'folded_name' : recognised('folded')),
  applications,
  said: { pending, inspection, recognised, blocked: said('blocked') },
  list: {
    pending: withoutNone(`[ifNull(${verdict}, ''), if(ifNull(${verdict} != verdict, 0), 'differs', '')]`),
    // As `later-gateways.ts` writes them.
    gateways: withoutNone(
      `arrayConcat([ifNull(${inspection('id')}, '')], extractAll(ifNull(${inspection('later')}, ''), ':([^ ]+)'))`,
    ),
    applications: applications(recognised('application')),
    // As `signatures.ts` writes them: within a message the quotes are escaped.
    signatures: `extractAll(ifNull(signatures, ''), '"id":([0-9]+),')`,
  },
};
