import {
  GATEWAY_MAX_COMMAND_BYTES,
  GATEWAY_MAX_MESSAGE_BYTES,
  GATEWAY_PROTOCOL,
  type GatewayCommand,
  GatewayMessage,
  type GatewayPolicy,
  type GatewayState,
} from '@hypervigil/contract';
import { type GatewayLink, openGatewayLink } from '@hypervigil/gateway-link';
import { type HostIntent, LARGEST_GATEWAY_NETWORK } from '@hypervigil/model';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';

type Ready = Extract<GatewayMessage, { type: 'ready' }>;
export type GatewayLog = Extract<GatewayMessage, { type: 'log' }>;

/** What is said over one gateway's channel: the host tells the policy, the gateway how it is. */
export interface GatewaySession {
  readonly ready: () => Ready | undefined;
  readonly state: () => GatewayState | undefined;
  /** Of the policy that was told last. */
  readonly toldRevision: () => number | null;
  /** Of the policy in force. */
  readonly revision: () => number | null;
  /** Why the last policy is not in force. */
  readonly refused: () => string | null;
  /** Whether it has been told this, and has answered. */
  readonly hasAnswered: (intent: HostIntent) => boolean;
  /** Tells it the policy, as soon as it listens; only the newest of several. */
  enforce(intent: HostIntent, looks: Looks): void;
  close(): void;
}

/** What a gateway looks into: what passes it, and what mirrors send it. */
type Looks = Pick<GatewayPolicy, 'detect' | 'copies'>;

interface SessionDeps {
  readonly path: string;
  readonly onChange: () => void;
  /** Something to keep; `stored` says that it is, with all that came before it. */
  readonly onLog: (log: GatewayLog, stored: () => void) => void;
  readonly onClose: () => void;
  readonly log: Log;
}

/** Bytes of a packet on guests' vNICs. */
const MTU = 1500;

/** Rejects with `unreachable` while nobody serves the channel. */
export async function openGatewaySession({
  path,
  onChange,
  onLog,
  onClose,
  log,
}: SessionDeps): Promise<GatewaySession> {
  let ready: Ready | undefined;
  let state: GatewayState | undefined;
  let revision: number | null = null;
  let refused: string | null = null;
  let wanted: ({ readonly intent: HostIntent } & Looks) | undefined;
  let told: typeof wanted;
  /** A policy is being applied: the gateway reads nothing else meanwhile. */
  let busy = false;

  const tell = (): void => {
    if (!ready || busy || !wanted || wanted === told) return;
    told = wanted;
    busy = true;
    send({ type: 'policy', policy: policyOf(wanted.intent, wanted) });
  };
  /** Of the gateway's program: one that began anew counts its batches from the beginning. */
  let life = 0;
  const takeLog = (message: GatewayLog): void => {
    const written = life;
    onLog(message, () => {
      if (life === written) send({ type: 'log.stored', batch: message.batch });
    });
  };
  const take = (message: GatewayMessage): void => {
    switch (message.type) {
      case 'ready':
        life++;
        // A gateway's program that begins anew knows nothing; its kernel goes on with what it has.
        ready = message;
        revision = message.revision;
        told = undefined;
        busy = false;
        tell();
        break;
      case 'applied':
        busy = false;
        revision = message.kept;
        refused = message.error?.message ?? null;
        // What is not the policy's fault may be over when it is told again.
        if (message.error?.fault === 'failed') told = undefined;
        else tell();
        if (message.error)
          log.warn({ path, fault: message.error.fault, reason: refused }, 'a gateway refused its policy');
        break;
      case 'state':
        state = message.state;
        break;
      case 'log':
        takeLog(message);
        return;
      case 'fault':
        log.warn({ path, fault: message.fault, reason: message.message }, 'a gateway complains');
        return;
      case 'capture.chunk':
      case 'capture.end':
        return;
    }
    onChange();
  };
  const link: GatewayLink<GatewayCommand> = await openGatewayLink<GatewayCommand, GatewayMessage>({
    path,
    maxCommandBytes: GATEWAY_MAX_COMMAND_BYTES,
    maxMessageBytes: GATEWAY_MAX_MESSAGE_BYTES,
    parse: (json) => GatewayMessage.parse(json),
    onMessage: take,
    onUnreadable: (why) => log.warn({ path, reason: describeError(why) }, 'a gateway says what nobody understands'),
    onClose,
  });
  const send = (command: GatewayCommand): void => {
    link.send(command).catch((error: unknown) => log.debug({ path, reason: describeError(error) }, 'not said'));
  };
  send({ type: 'hello', protocol: GATEWAY_PROTOCOL });
  return {
    ready: () => ready,
    state: () => state,
    toldRevision: () => told?.intent.revision ?? null,
    revision: () => revision,
    refused: () => refused,
    hasAnswered: (intent) => told?.intent === intent && !busy,
    enforce(intent, { detect, copies }) {
      const isSame = wanted?.intent === intent && wanted.detect === detect && wanted.copies === copies;
      if (!isSame) wanted = { intent, detect, copies };
      tell();
    },
    close: link.close,
  };
}

/**
 * All that the host enforces, where frames carry their network's number. Connections may go on whose beginning the gateway
 * has not seen: the host has judged them already, and they come from another gateway or another host.
 */
function policyOf(intent: HostIntent, { detect, copies }: Looks): GatewayPolicy {
  const lanes = intent.networks
    .filter(({ num }) => num <= LARGEST_GATEWAY_NETWORK)
    .map(({ num }) => ({ vlan: num, network: num }));
  return { revision: intent.revision, intent, lanes, mtu: MTU, pickup: true, detect, copies };
}
