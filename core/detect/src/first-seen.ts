import { z } from 'zod';
import type { Detection, Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { fnv1a } from './hash.ts';
import { LETTER_BITS, LETTERS, letterOf, MOST_IN_LETTER } from './letters.ts';
import type { Sighting } from './sighting.ts';

const DAY_MS = 24 * 3_600_000;
/** Nothing new of a kind for so long: by then it is known what the VM does. */
const SETTLED_MS = 7 * DAY_MS;

/** Of each kind, so many are few: who has met more meets new ones all the time, and is not judged. */
const FEW = {
  /** Countries outside that the VM speaks to. */
  country: 8,
  /** Autonomous systems, likewise. */
  system: 16,
  /** Protocols, as a gateway recognises them. */
  application: 8,
  /** Services of other VMs. */
  machine: 20,
} as const;
type Kind = keyof typeof FEW;
const KINDS = Object.keys(FEW) as readonly Kind[];
const NOTHING: readonly Detection[] = [];

/** Of a fact of an alert. */
const MOST_OF_A_WORD = 64;

/** Letters for each that was met: 24 bits of a hash, so that one in half a million is mistaken for known. */
const LETTERS_EACH = 4;

const metOf = (kind: Kind) =>
  z.object({
    met: z
      .string()
      .regex(LETTERS)
      .max(LETTERS_EACH * (FEW[kind] + 1)),
    /** When the last of them was new; of none, when the VM was first seen. */
    lastMs: z.number().nullable(),
  });
const FirstSeenState = z.object({
  country: metOf('country'),
  system: metOf('system'),
  application: metOf('application'),
  machine: metOf('machine'),
});
type FirstSeenState = z.infer<typeof FirstSeenState>;
type Met = FirstSeenState[Kind];

const beginMet = (): Met => ({ met: '', lastMs: null });

/**
 * A VM that speaks to few countries, autonomous systems, applications or machines, and has met none new for a week, meets one:
 * what is rare for its source, as the analyses of first-seen relations look for it (Sommer and Paxson, "Outside the closed world", IEEE S&P
 * 2010, warn of all others: so only those are judged that do little and always the same). It says that something is new, not that it is bad.
 * Only what is answered is met. About 0.4 KB at most.
 */
export const firstSeen: Detector<FirstSeenState> = {
  schema: FirstSeenState,
  begin: () => ({ country: beginMet(), system: beginMet(), application: beginMet(), machine: beginMet() }),
  observe(state, seen) {
    for (const kind of KINDS) state[kind].lastMs ??= seen.startMs;
    const { role, verdict, replyPackets, isToldAgain, inspection, country, asn, peer, port } = seen;
    const isAnswered = verdict === 'allow' && replyPackets > 0;
    if (role !== 'client' || !(isAnswered || isToldAgain)) return [];
    const meet = (kind: Kind, value: string | undefined) => met(state[kind], kind, value, seen);
    const byApplication = meet('application', inspection?.applications[0]);
    // Told again is what a gateway knows, and nothing else.
    if (isToldAgain) return byApplication;
    const abroad = meet('country', country);
    const elsewhere = meet('system', asn === undefined ? undefined : `AS${asn}`);
    const within = meet('machine', peer.vmId === null ? undefined : `${peer.vmId} ${port}`);
    // What is in a new country is in a system of there.
    return [...byApplication, ...(abroad.length > 0 ? abroad : elsewhere), ...within];
  },
  advance: () => [],
};

function met(state: Met, kind: Kind, value: string | undefined, seen: Sighting): readonly Detection[] {
  const count = state.met.length / LETTERS_EACH;
  if (value === undefined || count > FEW[kind]) return NOTHING;
  const letters = lettersOf(value);
  for (let at = 0; at < state.met.length; at += LETTERS_EACH) if (state.met.startsWith(letters, at)) return NOTHING;
  const settledMs = seen.startMs - state.lastMs!;
  state.met += letters;
  state.lastMs = Math.max(state.lastMs!, seen.startMs);
  return settledMs < timesOf(seen, 'first-seen') * SETTLED_MS
    ? NOTHING
    : [detection(kind, value, { count, settledMs }, seen)];
}

/** Made once for each: the same come again and again. */
const known = new Map<string, string>();
const MAX_KNOWN = 65_536;

function lettersOf(value: string): string {
  const before = known.get(value);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  const hash = fnv1a(value, 0x811c9dc5);
  let letters = '';
  for (let n = 0; n < LETTERS_EACH; n++) letters += letterOf((hash >>> (n * LETTER_BITS)) & MOST_IN_LETTER);
  known.set(value, letters);
  return letters;
}

function detection(
  kind: Kind,
  value: string,
  { count, settledMs }: { readonly count: number; readonly settledMs: number },
  seen: Sighting,
): Detection {
  const { peer, port, key, startMs, endMs } = seen;
  return {
    ...{ code: 'first-seen', side: 'source', severity: 'low', reason: 'out-of-the-ordinary' },
    about: `${kind} ${value}`,
    expected: { what: kind, count, days: Math.floor(settledMs / DAY_MS) },
    seen: { what: kind, value: (kind === 'machine' ? peer.ip : value).slice(0, MOST_OF_A_WORD), ip: peer.ip, port },
    ...{ peers: [peer], flowKeys: [key], startMs, endMs },
  };
}
