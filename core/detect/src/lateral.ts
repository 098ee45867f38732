import { AlertPeer } from '@hypervigil/model';
import { z } from 'zod';
import { beginContacts, Contacts, meet } from './contacts.ts';
import type { Detection, Detector } from './detector.ts';
import { isOutside } from './outside.ts';
import type { Sighting } from './sighting.ts';

/** Where machines are administered: SSH, Telnet, RPC and SMB, Remote Desktop, VNC, WinRM. */
const ADMIN_PORTS: ReadonlySet<number> = new Set([22, 23, 135, 139, 445, 2222, 3389, 5900, 5901, 5985, 5986]);
/** Between who comes and where it goes on to. */
const WINDOW_MS = 900_000;
/** In its first day a VM meets those whom it is for. */
export const LEARN_MS = 24 * 3_600_000;
/** Who administers so many machines has that for a task: bastions, controllers. */
const MANY = 4;
const [MAX_ARRIVALS, MAX_STEPS] = [2, 3];

const Arrival = z.object({ peer: AlertPeer, port: z.int(), key: z.string().max(64), atMs: z.number() });
/** One that goes on, of which it is not known yet whether it gets there. */
const Step = z.object({ key: z.string().max(64), from: Arrival });
const LateralState = z.object({
  beganMs: z.number().nullable(),
  /** Who has come, and where the VM has gone. */
  came: Contacts,
  went: Contacts,
  machines: z.int().min(0),
  arrivals: z.array(Arrival).max(MAX_ARRIVALS),
  steps: z.array(Step).max(MAX_STEPS),
});
type LateralState = z.infer<typeof LateralState>;

/**
 * Somebody comes to a VM by a service of administration from where nobody came before, and within a quarter of an hour the VM begins
 * to administer a machine that it never did: a path of new edges, as Ho et al., "Hopper: modeling and detecting lateral
 * movement" (USENIX Security 2021), look for them in sign-ins; here flows have to do, without names of accounts. A VM
 * that has administered four machines before is a bastion or a controller and is not judged, nor is any in its first day. The two flows are the evidence. Holds two that came and three that go on: about 2 KB at most.
 */
export const lateral: Detector<LateralState> = {
  schema: LateralState,
  begin: () => ({
    ...{ beganMs: null, machines: 0, arrivals: [], steps: [] },
    ...{ came: beginContacts(8), went: beginContacts(8) },
  }),
  observe(state, seen) {
    state.beganMs = Math.min(state.beganMs ?? seen.startMs, seen.startMs);
    if (seen.protocol !== 6 || !ADMIN_PORTS.has(seen.port)) return [];
    return seen.role === 'server' ? arrive(state, seen) : goOn(state, seen);
  },
  advance: () => [],
};

/** Both sides went on to speak: a port that is closed, or looked at, is no arrival. */
const isConversation = ({ verdict, packets, replyPackets }: Sighting): boolean =>
  verdict === 'allow' && packets > 2 && replyPackets > 1;

function arrive(state: LateralState, seen: Sighting): [] {
  const { peer, port, key, startMs } = seen;
  if (!isConversation(seen) || !meet(state.came, `${peer.ip} ${port}`) || isLearning(state, startMs)) return [];
  state.arrivals = [...state.arrivals, { peer, port, key, atMs: startMs }].slice(-MAX_ARRIVALS);
  return [];
}

function goOn(state: LateralState, seen: Sighting): Detection[] {
  const { peer, port, key, startMs } = seen;
  const step = state.steps.find((one) => one.key === key);
  if (step !== undefined) {
    if (!isConversation(seen)) return [];
    state.steps = state.steps.filter((one) => one !== step);
    return [detection(step.from, seen)];
  }
  if (isOutside(peer) || !meet(state.went, `${peer.ip} ${port}`)) return [];
  const isItsTask = state.machines >= MANY;
  state.machines++;
  const from = state.arrivals.findLast(
    ({ atMs, peer: one }) => one.ip !== peer.ip && startMs >= atMs && startMs - atMs <= WINDOW_MS,
  );
  if (from === undefined || isItsTask || isLearning(state, startMs)) return [];
  if (!isConversation(seen)) state.steps = [...state.steps, { key, from }].slice(-MAX_STEPS);
  return [detection(from, seen)];
}

const isLearning = ({ beganMs }: LateralState, atMs: number): boolean => atMs - beganMs! <= LEARN_MS;

function detection(from: z.infer<typeof Arrival>, seen: Sighting): Detection {
  const { peer, port, key, startMs, endMs } = seen;
  return {
    code: 'lateral-movement',
    side: 'source',
    ...(isConversation(seen)
      ? ({ severity: 'high', reason: 'some-answered' } as const)
      : ({ severity: 'medium', reason: 'none-answered' } as const)),
    about: `${from.peer.ip} ${peer.ip} ${port}`,
    expected: {},
    seen: {
      ...{ from: from.peer.ip, by: from.port, to: peer.ip, port },
      seconds: Math.max(0, Math.round((startMs - from.atMs) / 1000)),
    },
    peers: [from.peer, peer],
    flowKeys: [from.key, key],
    startMs: from.atMs,
    endMs,
  };
}
