import { type LeftOut, type LeftOutReason, MAX_ADDRESS_ENTRIES } from '@hypervigil/model';
import { formatBlock, parseBlock, parseRange, widthOf } from '@hypervigil/policy';

/** What was taken of a feed, and what was not. */
export interface Harvest {
  readonly entries: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Gathers entries in the order of the feed, each once, in canonical text. */
export interface Basket {
  /** `at`: its line, or the indicator's id. */
  take(text: string, at: string): void;
  leaveOut(reason: LeftOutReason, text: string, at: string): void;
  harvest(): Harvest;
}

const SHOWN = 5;
const SHOWN_LENGTH = 100;

/**
 * A mistaken or poisoned feed must not cut a cloud off: a block of more than 2²⁴ addresses of IPv4, or of more than a
 * registry gives a provider in IPv6, is left out. The largest allocations to one holder are /8 and /19 (RFC 7020).
 */
const WIDEST = { 4: 24n, 6: 109n } as const;

export function createBasket(maximum = MAX_ADDRESS_ENTRIES): Basket {
  const entries = new Set<string>();
  const left = new Map<LeftOutReason, { count: number; examples: LeftOut['examples'] }>();

  function leaveOut(reason: LeftOutReason, text: string, at: string): void {
    const known = left.get(reason) ?? { count: 0, examples: [] };
    left.set(reason, known);
    known.count++;
    if (known.examples.length < SHOWN) known.examples.push({ at: shown(at), text: shown(text) });
  }

  return {
    leaveOut,
    take(text, at) {
      const range = text.length > SHOWN_LENGTH ? 'no-address' : parseRange(text);
      if (typeof range === 'string') return leaveOut('no-address', text, at);
      if (range.last - range.first >= 1n << WIDEST[range.family]) return leaveOut('too-wide', text, at);
      const entry = canonical(text);
      if (entries.has(entry)) return;
      if (entries.size === maximum) return leaveOut('too-many', text, at);
      entries.add(entry);
    },
    harvest: () => ({
      entries: [...entries],
      leftOut: Array.from(left, ([reason, { count, examples }]) => ({ reason, count, examples })),
    }),
  };
}

/** Feeds are other people's text: no control characters, and not all of it. */
const shown = (text: string): string =>
  text
    .slice(0, SHOWN_LENGTH)
    .replace(/\p{Cc}/gu, '�')
    .toWellFormed();

function canonical(text: string): string {
  const block = parseBlock(text);
  if (block) return formatBlock(block);
  const [first, last] = text.split('-').map((end) => parseBlock(end.trim())!);
  return first!.bits === last!.bits
    ? formatBlock(first!)
    : [first!, last!].map((end) => formatBlock({ ...end, prefix: widthOf(end.family) })).join('-');
}
