import { FeedError } from './errors.ts';
import type { Basket } from './harvest.ts';
import { addressesOf } from './stix-pattern.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The indicators of a STIX 2.1 bundle, or of a TAXII 2.1 envelope, which has its objects in the same place. Other objects
 * are context and no entries.
 * @throws FeedError `not-json`, `not-stix`
 */
export function readStix(text: string, nowMs: number, basket: Basket): void {
  for (const object of objectsOf(text)) {
    if (!isFields(object) || object['type'] !== 'indicator') continue;
    const at = textOf(object['id']) ?? 'indicator';
    const pattern = textOf(object['pattern']) ?? '';
    const reason = unfit(object, nowMs);
    const found = reason ? undefined : addressesOf(pattern);
    if (reason) basket.leaveOut(reason, pattern, at);
    else if (!found || found.addresses.length === 0) basket.leaveOut('not-mapped', pattern, at);
    else {
      for (const address of found.addresses) basket.take(address, at);
      for (const other of found.others) basket.leaveOut('not-mapped', other, at);
    }
  }
}

function objectsOf(text: string): readonly unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new FeedError('not-json', {}, { cause });
  }
  const objects = isFields(parsed) ? parsed['objects'] : undefined;
  if (!Array.isArray(objects)) throw new FeedError('not-stix');
  return objects;
}

function unfit(indicator: Fields, nowMs: number): 'revoked' | 'expired' | 'not-yet-valid' | 'not-mapped' | undefined {
  if (indicator['revoked'] === true) return 'revoked';
  // STIX 2.0 had no other language than its own.
  if ((textOf(indicator['pattern_type']) ?? 'stix') !== 'stix') return 'not-mapped';
  const [from, until] = [timeOf(indicator['valid_from']), timeOf(indicator['valid_until'])];
  if (until !== undefined && until <= nowMs) return 'expired';
  return from !== undefined && from > nowMs ? 'not-yet-valid' : undefined;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function timeOf(value: unknown): number | undefined {
  const time = Date.parse(textOf(value) ?? '');
  return Number.isNaN(time) ? undefined : time;
}
