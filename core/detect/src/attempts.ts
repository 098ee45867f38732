import { AlertPeer } from '@hypervigil/model';
import { z } from 'zod';
import { beginContacts, Contacts, meet } from './contacts.ts';
import type { Sighting } from './sighting.ts';

/** A first try at a service, and what became of it. */
export const Attempt = z.object({
  key: z.string().max(64),
  peer: AlertPeer,
  protocol: z.int(),
  port: z.int(),
  startMs: z.number(),
  endMs: z.number(),
});
export type Attempt = z.infer<typeof Attempt>;

const Waiting = Attempt.extend({ packets: z.number(), replyPackets: z.number(), untilMs: z.number() });
const MAX_WAITING = 16;
/** The switch tells of packets a second after them, the engine a second later; an answer takes three where it is slow. */
const WAIT_MS = 5_000;

/** First tries whose answer is still to come. */
export const Attempts = z.object({
  contacts: Contacts,
  waiting: z.array(Waiting).max(MAX_WAITING),
  nowMs: z.number(),
});
export type Attempts = z.infer<typeof Attempts>;

export const beginAttempts = (): Attempts => ({ contacts: beginContacts(), waiting: [], nowMs: 0 });

export interface Settled {
  readonly attempt: Attempt;
  readonly succeeded: boolean;
}

/**
 * What becomes of a VM's first tries. One succeeded when both sides went on to speak: a TCP connection that was answered with a
 * reset has one packet each way. One that was refused by the policy has failed, and so has one that nobody answered in time. While as many
 * wait as there is room for, others are not looked at, whatever becomes of them: who answers would be seen more often than who does not.
 */
export function attempt(state: Attempts, seen: Sighting): Settled[] {
  const { key, peer, protocol, port, startMs, endMs, packets, replyPackets } = seen;
  const known = state.waiting.find((one) => one.port === port && one.protocol === protocol && one.peer.ip === peer.ip);
  const isRoom = known !== undefined || seen.verdict === 'deny' || state.waiting.length < MAX_WAITING;
  if (known === undefined && (!meet(state.contacts, `${protocol} ${peer.ip} ${port}`) || !isRoom)) return [];
  const untilMs = Math.max(endMs, state.nowMs) + WAIT_MS;
  const one = known ?? { key, peer, protocol, port, startMs, endMs, packets: 0, replyPackets: 0, untilMs };
  one.packets += packets;
  one.replyPackets += replyPackets;
  one.endMs = Math.max(one.endMs, endMs);
  const succeeded = one.replyPackets > 0 && (protocol !== 6 || one.packets > 1);
  if (seen.verdict === 'deny' || succeeded) {
    state.waiting = state.waiting.filter((other) => other !== one);
    return [settled(one, seen.verdict === 'allow')];
  }
  if (known === undefined) state.waiting.push(one);
  return [];
}

/** Those that have waited long enough have failed. */
export function giveUp(state: Attempts, nowMs: number): Settled[] {
  state.nowMs = Math.max(state.nowMs, nowMs);
  const over = state.waiting.filter(({ untilMs }) => untilMs <= nowMs);
  if (over.length > 0) state.waiting = state.waiting.filter(({ untilMs }) => untilMs > nowMs);
  return over.map((one) => settled(one, false));
}

function settled({ key, peer, protocol, port, startMs, endMs }: Attempt, succeeded: boolean): Settled {
  return { attempt: { key, peer, protocol, port, startMs, endMs }, succeeded };
}
