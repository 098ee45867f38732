import { AlertPeer } from '@hypervigil/model';
import { z } from 'zod';
import type { Sighting } from './sighting.ts';

const [MAX_PEERS, MAX_FLOWS] = [4, 8];

/** What a detector keeps to show for what it says: the last flows and peers of one behaviour. */
export const Evidence = z.object({
  peers: z.array(AlertPeer).max(MAX_PEERS),
  flowKeys: z.array(z.string().max(64)).max(MAX_FLOWS),
  sinceMs: z.number(),
  lastMs: z.number(),
  /** It was said, and is not said again before this time. */
  quietUntilMs: z.number(),
});
export type Evidence = z.infer<typeof Evidence>;

/** What goes on is told again so often at most. */
const REPEAT_MS = 10_000;

export const beginEvidence = (atMs: number): Evidence => ({
  peers: [],
  flowKeys: [],
  sinceMs: atMs,
  lastMs: atMs,
  quietUntilMs: 0,
});

/** @returns whether the flow is new among those that are kept */
export function witness(
  evidence: Evidence,
  { key, peer, startMs, endMs }: Pick<Sighting, 'key' | 'peer' | 'startMs' | 'endMs'>,
): boolean {
  evidence.sinceMs = Math.min(evidence.sinceMs, startMs);
  evidence.lastMs = Math.max(evidence.lastMs, endMs);
  if (!evidence.peers.some(({ ip, vmId }) => ip === peer.ip && vmId === peer.vmId))
    evidence.peers = [...evidence.peers, peer].slice(-MAX_PEERS);
  if (evidence.flowKeys.includes(key)) return false;
  evidence.flowKeys = [...evidence.flowKeys, key].slice(-MAX_FLOWS);
  return true;
}

/** Whether it is time to say it, and if so, that it was said. */
export function speaks(evidence: Evidence): boolean {
  if (evidence.lastMs < evidence.quietUntilMs) return false;
  evidence.quietUntilMs = evidence.lastMs + REPEAT_MS;
  return true;
}

/** As a detection has it. */
export const shown = ({ peers, flowKeys, sinceMs, lastMs }: Evidence) => ({
  peers: [...peers],
  flowKeys: [...flowKeys],
  startMs: sinceMs,
  endMs: lastMs,
});

export const secondsOf = ({ sinceMs, lastMs }: Pick<Evidence, 'sinceMs' | 'lastMs'>): number =>
  Math.max(1, Math.round((lastMs - sinceMs) / 1000));
