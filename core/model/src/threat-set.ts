import { z } from 'zod';
import { AddressSet } from './address-set.ts';
import { Instant } from './ids.ts';

/** Bytes that a feed may have. */
export const MAX_FEED_BYTES = 16 * 1024 * 1024;

/** `list`: an address, a block or a range on each line. `stix`: a bundle of STIX 2.1 (or what a TAXII server sends). */
export const FeedFormat = z.enum(['list', 'csv', 'stix']);
export type FeedFormat = z.infer<typeof FeedFormat>;

/** Where a threat set's entries come from. */
export const ThreatFeed = z.strictObject({
  format: FeedFormat.default('list'),
  /** Of a CSV file: a name of its header, or a number from 1. */
  csvColumn: z.string().trim().min(1).max(100).nullable().default(null),
  /** Null when people bring the file. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable()
    .default(null),
  /** How often the address is asked; a tenth more or less, so that not all are asked at once. */
  everyMinutes: z.int().min(5).max(43_200).default(1440),
});
export type ThreatFeed = z.infer<typeof ThreatFeed>;

/** Why an entry of a feed was left out. */
export const LeftOutReason = z.enum([
  'no-address', // it is no address, block or range
  'too-wide', // it would be a large part of the internet, or all of it
  'expired', // of STIX: valid_until has passed
  'not-yet-valid', // of STIX: valid_from is to come
  'revoked', // of STIX
  'not-mapped', // of STIX: the pattern says more than addresses, or something else
  'too-many', // the set is full
]);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

/** Entries that were left out for one reason: how many, and the first of them. */
export const LeftOut = z.object({
  reason: LeftOutReason,
  count: z.int().min(1),
  /** The line of the file, or the indicator's id, and how it begins. */
  examples: z.array(z.object({ at: z.string().max(100), text: z.string().max(100) })).max(5),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** Why a set could not be refreshed; it keeps what it had. */
export const FeedProblem = z.object({
  code: z.enum([
    'forbidden-address', // the name leads to loopback, to a private network or the like: {host} {address}
    'unresolved', // {host}
    'unreachable', // {host} {reason}
    'timeout', // {seconds}
    'bad-status', // {status}
    'bad-redirect', // to another scheme, to nowhere, or too often: {location}
    'too-large', // {maximum}: MiB
    'encoded', // {encoding}: it came compressed although it was not asked for
    'not-csv', // {line}
    'no-column', // {column}
    'not-json',
    'not-stix',
    'no-entries', // nothing in it can be taken
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type FeedProblem = z.infer<typeof FeedProblem>;

/** What is known of the entries that a threat set has now. */
export const FeedState = z.object({
  /** The address or the name of the file that they came from, when, and what it was. Null before the first. */
  source: z.string().nullable(),
  fetchedAt: Instant.nullable(),
  sha256: z.string().nullable(),
  bytes: z.int().nullable(),
  taken: z.int(),
  leftOut: z.array(LeftOut),
  /** When the source last gave them, or said that they are still the same. */
  checkedAt: Instant.nullable(),
  triedAt: Instant.nullable(),
  nextAt: Instant.nullable(),
  /** What went wrong at the last try. */
  problem: FeedProblem.nullable(),
});
export type FeedState = z.infer<typeof FeedState>;

/** An address set that a feed fills. */
export const ThreatSet = AddressSet.extend({ feed: ThreatFeed, state: FeedState });
export type ThreatSet = z.infer<typeof ThreatSet>;
