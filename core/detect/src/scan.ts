import { type AlertCode, type AlertPeer, MAX_ALERT_PEERS, SYNTHETIC_RULES } from '@hypervigil/model';
import { z } from 'zod';
import { Attempt, Attempts, attempt, beginAttempts, giveUp, type Settled } from './attempts.ts';
import type { Detection, Detector } from './detector.ts';
import { type Asked, timesOf } from './effort.ts';
import { beginWalk, isScan, step, Walk } from './walk.ts';

/** Walks are taken of each machine that is tried, of each service, and of all tries together. */
const OF = ['host', 'service', 'all'] as const;
const MAX_WALKS = { host: 4, service: 4, all: 1 } as const;
const REPEAT_MS = 10_000;
const MAX_RECENT = 12;

const ScanState = z.object({
  attempts: Attempts,
  walks: z.array(Walk.extend({ of: z.enum(OF), key: z.string().max(64) })).max(9),
  recent: z.array(Attempt).max(MAX_RECENT),
  tenantId: z.string().max(36).nullable(),
  /** Of each kind: what somebody did before does not hide that they do another. */
  quietUntilMs: z.object({ 'port-scan': z.number(), 'host-sweep': z.number() }),
});
type ScanState = z.infer<typeof ScanState>;
type KeyedWalk = ScanState['walks'][number];

/**
 * A VM that tries services to find out which there are: port scan and host sweep, by the threshold random walk of Jung, Paxson,
 * Berger and Balakrishnan, "Fast portscan detection using sequential hypothesis testing" (IEEE S&P 2004), over the first contact
 * with each service. Besides that of the VM, as in the paper, there are walks of the four machines and of the four services that
 * fail most: what a busy VM does elsewhere does not hide them. That of all tries begins anew where one of those accounts for them.
 * Holds 16 tries that wait for an answer and twelve that failed: about 6 KB at most.
 */
export const scan: Detector<ScanState> = {
  schema: ScanState,
  begin: () => ({
    ...{ attempts: beginAttempts(), walks: [], recent: [], tenantId: null },
    quietUntilMs: { 'port-scan': 0, 'host-sweep': 0 },
  }),
  observe(state, seen) {
    // What carries forged addresses looks for nothing: the answers go elsewhere.
    if (seen.role === 'server' || seen.ruleNum === SYNTHETIC_RULES['anti-spoof']) return [];
    state.tenantId = seen.tenantId;
    return attempt(state.attempts, seen).flatMap((one) => judge(state, one, seen));
  },
  advance: (state, nowMs, effort) => giveUp(state.attempts, nowMs).flatMap((one) => judge(state, one, { effort })),
};

function judge(state: ScanState, { attempt, succeeded }: Settled, asked: Asked): Detection[] {
  if (!succeeded) state.recent = [...state.recent, attempt].slice(-MAX_RECENT);
  const walks = OF.flatMap((of) => walkOf(state, of, attempt, succeeded) ?? []);
  for (const walk of walks) step(walk, attempt, succeeded, Math.max(...timesOfWalk(walk, asked)));
  const found = succeeded ? undefined : walks.find((walk) => isScan(walk, Math.min(...timesOfWalk(walk, asked))));
  if (found === undefined) return [];
  // What one machine or service accounts for says nothing of the others.
  if (found.of !== 'all') Object.assign(walks.at(-1)!, beginWalk(attempt.startMs));
  const told = detection(state, found);
  if (!isScan(found, timesOf(asked, told.code))) return [];
  if (found.lastMs < state.quietUntilMs[told.code]) return [];
  state.quietUntilMs[told.code] = found.lastMs + REPEAT_MS;
  return [told];
}

/** What may come of a walk: of all tries, the one or the other, and which is known when it is told. */
const CODES = {
  host: ['port-scan'],
  service: ['host-sweep'],
  all: ['port-scan', 'host-sweep'],
} as const satisfies Record<KeyedWalk['of'], readonly AlertCode[]>;
const timesOfWalk = ({ of }: KeyedWalk, asked: Asked): number[] => CODES[of].map((code) => timesOf(asked, code));

const keyOf = (of: KeyedWalk['of'], { peer, protocol, port }: Attempt): string =>
  of === 'host' ? peer.ip : of === 'service' ? `${protocol}/${port}` : '';

/** Of a machine that answers there is nothing to remember; of a service there is, for it may fail elsewhere. */
function walkOf(state: ScanState, of: KeyedWalk['of'], attempt: Attempt, succeeded: boolean): KeyedWalk | undefined {
  const key = keyOf(of, attempt);
  const same = state.walks.filter((one) => one.of === of);
  const known = same.find((one) => one.key === key);
  if (known !== undefined || (of === 'host' && succeeded)) return known;
  const made = { of, key, ...beginWalk(attempt.startMs) };
  const least = same.length < MAX_WALKS[of] ? undefined : same.reduce((a, b) => (isLess(b, a) ? b : a));
  state.walks = [...state.walks.filter((one) => one !== least), made];
  return made;
}

/** Which of two is nearer to being nothing: the one that has failed less, of equals the older. */
const isLess = (a: KeyedWalk, b: KeyedWalk): boolean =>
  Math.max(0, a.walk) - Math.max(0, b.walk) < 0 || (Math.max(0, a.walk) === Math.max(0, b.walk) && a.lastMs < b.lastMs);

function detection(
  { recent, tenantId }: ScanState,
  { of, key, failed, answered, sinceMs, lastMs }: KeyedWalk,
): Detection & { readonly code: keyof ScanState['quietUntilMs'] } {
  const tries = recent.filter((one) => keyOf(of, one) === key);
  const hosts = Map.groupBy(tries, ({ peer }) => peer.ip);
  const services = Map.groupBy(tries, (one) => keyOf('service', one));
  const isPortScan = of === 'host' || (of === 'all' && services.size > hosts.size);
  const peers = [...hosts.values()].map(([first]) => first!.peer).slice(-MAX_ALERT_PEERS);
  return {
    code: isPortScan ? 'port-scan' : 'host-sweep',
    side: 'source',
    ...severity(peers, tenantId, answered),
    about: largest(isPortScan ? hosts : services),
    expected: { percent: 20 },
    seen: {
      ...{ failed, answered, seconds: Math.max(1, Math.round((lastMs - sinceMs) / 1000)) },
      hosts: of === 'service' ? failed : hosts.size,
      services: of === 'host' ? failed : services.size,
    },
    peers,
    flowKeys: tries.map((one) => one.key),
    startMs: sinceMs,
    endMs: lastMs,
  };
}

function severity(peers: readonly AlertPeer[], own: string | null, answered: number) {
  if (answered > 0) return { severity: 'high', reason: 'some-answered' } as const;
  const isForeign = peers.some(({ tenantId }) => tenantId !== null && tenantId !== own);
  if (isForeign) return { severity: 'high', reason: 'other-tenants' } as const;
  return { severity: 'medium', reason: 'none-answered' } as const;
}

const largest = (groups: ReadonlyMap<string, readonly unknown[]>): string =>
  [...groups].reduce((best, one) => (one[1].length > best[1].length ? one : best))[0];
