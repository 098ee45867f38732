import type { Condition, Param } from '../sql/condition.ts';

/**
 * Puts parameters in their places. Servers know parameters since 2019 only, so here each becomes a literal that cannot be anything else:
 * a text the hexadecimal digits of its octets, a number its decimal ones.
 */
export function bound({ sql, params }: Condition): string {
  const [first, ...rest] = sql.split('?');
  if (rest.length !== params.length) throw new Error(`${rest.length} places for ${params.length} parameters`);
  return first + rest.map((part, n) => literal(params[n]!) + part).join('');
}

function literal(value: Param): string {
  if (typeof value === 'string') return `unhex('${Buffer.from(value).toString('hex')}')`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
  // In brackets: a minus before one of below zero would begin a comment.
  return value < 0 ? `(${value})` : `${value}`;
}
