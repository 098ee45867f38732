import { type AlertPeer, MAX_ALERT_PEERS, SYNTHETIC_RULES } from '@hypervigil/model';
import { z } from 'zod';
import { Attempt, Attempts, attempt, beginAttempts, giveUp, type Settled } from './attempts.ts';
import type { Detection, Detector } from './detector.ts';
import { secondsOf } from './evidence.ts';

/** How often a first try succeeds of who knows whom to speak to, and of who does not. */
const [KNOWS, GUESSES] = [0.8, 0.2];
const STEP = { failure: Math.log((1 - GUESSES) / (1 - KNOWS)), success: Math.log(GUESSES / KNOWS) };
/** Of scanners, 99 % are found; one in a million runs of failures of others is mistaken for one. */
const THRESHOLD = Math.log(0.99 / 1e-6);
/** After so long without a failure what was before counts no more. */
const FORGET_MS = 30 * 60_000;
/** Failures this much later than the last success are not of the same time. */
const CREDIT_MS = 2_000;
const REPEAT_MS = 10_000;
const MAX_RECENT = 12;

const ScanState = z.object({
  attempts: Attempts,
  /** The logarithm of how much likelier the tries are those of a scanner. */
  walk: z.number(),
  lastSuccessMs: z.number(),
  failed: z.int().min(0),
  answered: z.int().min(0),
  sinceMs: z.number(),
  lastMs: z.number(),
  recent: z.array(Attempt).max(MAX_RECENT),
  tenantId: z.string().max(36).nullable(),
  quietUntilMs: z.number(),
});
type ScanState = z.infer<typeof ScanState>;

/**
 * A VM that tries services to find out which there are: port scan and host sweep, by the threshold random walk of Jung, Paxson,
 * Berger and Balakrishnan, "Fast portscan detection using sequential hypothesis testing" (IEEE S&P 2004), with their θ₀ = 0.8 and
 * θ₁ = 0.2 for the first contact with each service. The walk does not end with the verdict that somebody is no scanner, but goes
 * on from zero (after Page's CUSUM, 1954): nobody earns the right to scan, and ten failures in a row are enough. Since failures are
 * known later than successes, those of the same time stay to their credit. Holds 16 tries that wait for an answer and twelve
 * that failed: about 5 KB at most.
 */
export const scan: Detector<ScanState> = {
  schema: ScanState,
  begin: () => ({ attempts: beginAttempts(), tenantId: null, recent: [], quietUntilMs: 0, ...AT_REST }),
  observe(state, seen) {
    // What carries forged addresses looks for nothing: the answers go elsewhere.
    if (seen.role === 'server' || seen.ruleNum === SYNTHETIC_RULES['anti-spoof']) return [];
    state.tenantId = seen.tenantId;
    return step(state, attempt(state.attempts, seen));
  },
  advance: (state, nowMs) => step(state, giveUp(state.attempts, nowMs)),
};

const AT_REST = { walk: 0, lastSuccessMs: 0, failed: 0, answered: 0, sinceMs: 0, lastMs: 0 };

function step(state: ScanState, settled: readonly Settled[]): Detection[] {
  return settled.flatMap(({ attempt, succeeded }) => {
    if (state.failed > 0 && attempt.startMs - state.lastMs > FORGET_MS) Object.assign(state, AT_REST, { recent: [] });
    if (succeeded) {
      succeed(state, attempt);
      return [];
    }
    if (attempt.startMs - state.lastSuccessMs > CREDIT_MS) state.walk = Math.max(0, state.walk);
    state.walk += STEP.failure;
    state.sinceMs = state.failed === 0 ? attempt.startMs : Math.min(state.sinceMs, attempt.startMs);
    state.failed++;
    state.lastMs = Math.max(state.lastMs, attempt.endMs);
    state.recent = [...state.recent, attempt].slice(-MAX_RECENT);
    if (state.walk < THRESHOLD) return [];
    // A scanner that finds something stays one for a while.
    state.walk = Math.min(state.walk, THRESHOLD + 5 * STEP.failure);
    if (state.lastMs < state.quietUntilMs) return [];
    state.quietUntilMs = state.lastMs + REPEAT_MS;
    return [detection(state)];
  });
}

function succeed(state: ScanState, { startMs }: Attempt): void {
  state.walk = Math.max(-THRESHOLD, state.walk + STEP.success);
  state.answered++;
  state.lastSuccessMs = Math.max(state.lastSuccessMs, startMs);
  const { walk, lastSuccessMs } = state;
  if (walk <= 0) Object.assign(state, AT_REST, { recent: [], walk, lastSuccessMs });
}

function detection(state: ScanState): Detection {
  const { recent, failed, answered, sinceMs, lastMs, tenantId } = state;
  const hosts = Map.groupBy(recent, ({ peer }) => peer.ip);
  const services = Map.groupBy(recent, ({ protocol, port }) => `${protocol}/${port}`);
  const isPortScan = services.size > hosts.size;
  const peers = [...hosts.values()].map(([first]) => first!.peer).slice(-MAX_ALERT_PEERS);
  return {
    code: isPortScan ? 'port-scan' : 'host-sweep',
    side: 'source',
    ...severity(peers, tenantId, answered),
    about: largest(isPortScan ? hosts : services),
    expected: { percent: Math.round((1 - KNOWS) * 100) },
    seen: { failed, answered, hosts: hosts.size, services: services.size, seconds: secondsOf(state) },
    peers,
    flowKeys: recent.map(({ key }) => key),
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
