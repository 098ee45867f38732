import type { ThreatFeed } from '@hypervigil/model';
import { readCsv } from './csv.ts';
import { FeedError } from './errors.ts';
import { createBasket, type Harvest } from './harvest.ts';
import { readList } from './list.ts';
import { readStix } from './stix.ts';

/**
 * Reads a feed. Its text is bounded by whoever brings it (`MAX_FEED_BYTES`); memory is a small multiple of that.
 * @param nowMs milliseconds since 1970, for indicators that hold for a time
 * @throws FeedError for a text that is not of the format, and `no-entries` when nothing of it can be taken: a feed that is
 *   suddenly empty is a feed that failed
 */
export function readFeed(feed: Pick<ThreatFeed, 'format' | 'csvColumn'>, bytes: Uint8Array, nowMs: number): Harvest {
  // Also takes the byte order mark away.
  const text = new TextDecoder().decode(bytes);
  const basket = createBasket();
  switch (feed.format) {
    case 'list':
      readList(text, basket);
      break;
    case 'csv':
      readCsv(text, feed.csvColumn ?? '1', basket);
      break;
    case 'stix':
      readStix(text, nowMs, basket);
      break;
  }
  const harvest = basket.harvest();
  if (harvest.entries.length === 0) throw new FeedError('no-entries');
  return harvest;
}
