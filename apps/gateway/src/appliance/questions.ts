import { read, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { QUESTION_QUEUE } from '@hypervigil/gateway-rules';
import { type DnsMessage, parseDns, parseDnsOverTcp } from './detector/dns.ts';
import { parsePacket, tcpPayload, udpPayload } from './detector/packet.ts';
import type { Firewall } from './firewall.ts';
import { type Inspection, networkOn } from './inspection.ts';
import type { Log } from './log.ts';
import { answerOf, openNetfilter } from './netlink.ts';
import { parseQueued, type QueuedPacket, queueMessages, verdictMessage } from './nfqueue.ts';

/** The name of a question stands in front: of what is longer the rest is not needed. */
const COPY_BYTES = 2048;
const MAX_WAITING = 1024;
const READ_BYTES = 64 * 1024;
/** Of a name with many bytes that are no letters, as they are written. */
const MAX_NAME = 255;
const TCP = 6;

interface JudgeOptions {
  readonly firewall: Pick<Firewall, 'policy' | 'rules' | 'ruleOf'>;
  readonly inspection: Pick<Inspection, 'end'>;
  readonly log: Pick<Log, 'sight'>;
}

/** Says whether what came to the port of a resolver may pass, and tells of what may not. */
export function createQuestionJudge({ firewall, inspection, log }: JudgeOptions) {
  return ({ packet, vlan, mark }: QueuedPacket): boolean => {
    const ends = parsePacket(packet);
    if (!ends) return false;
    const tuple = { net: networkOn(firewall.policy(), vlan), ...ends };
    for (const message of messagesOf(packet)) {
      if (message?.isAnswer) continue;
      const name = message?.name ?? null;
      const refusal = firewall.rules().refusalOf(tuple, name, firewall.ruleOf(mark));
      if (refusal === null) continue;
      const { rule: deniedBy, blocked } = refusal;
      const recognised = { applications: ['DNS'], name: blocked && (name?.slice(0, MAX_NAME) ?? null), risks: [] };
      // What was dropped would be sent again and again: that conversation is over, and its ends are told.
      if (ends.protocol === TCP) inspection.end(tuple, recognised, refusal);
      else log.sight({ ...tuple, atMs: Date.now(), recognised, deniedBy, blocked, copied: false });
      return false;
    }
    return true;
  };
}

/** What a packet asks; undefined in place of what nobody can read. */
function messagesOf(packet: Buffer): readonly (DnsMessage | undefined)[] {
  const segment = tcpPayload(packet);
  if (segment) return parseDnsOverTcp(segment);
  const datagram = udpPayload(packet);
  return [datagram && parseDns(datagram)];
}

export interface Questions {
  /** Takes the questions that the firewall holds, if nobody does yet. */
  take(): void;
}

const readFrom = promisify(read);

async function bytesFrom(fd: number, buffer: Buffer): Promise<number> {
  try {
    return (await readFrom(fd, buffer, 0, buffer.length, null)).bytesRead;
  } catch (error) {
    // More came than the socket holds: those packets are dropped, the next ones come. Of anything else this program ends, and begins anew.
    if ((error as NodeJS.ErrnoException).code !== 'ENOBUFS') throw error;
    return 0;
  }
}

/** Gives every question that the firewall holds its verdict. While this program is away, the kernel does as the rule fails. */
export function createQuestions(mayPass: (packet: QueuedPacket) => boolean): Questions {
  let taken = false;

  async function readForever(fd: number): Promise<never> {
    const buffer = Buffer.alloc(READ_BYTES);
    for (;;) {
      const message = buffer.subarray(0, await bytesFrom(fd, buffer));
      const error = answerOf(message);
      if (error) console.error(`gateway: the queue of questions refuses: error ${-error}`);
      const packet = parseQueued(message);
      if (packet) writeSync(fd, verdictMessage(QUESTION_QUEUE, packet.id, mayPass(packet) ? 'accept' : 'drop'));
    }
  }

  return {
    take() {
      if (taken) return;
      // In a thread of its own that waits in the kernel: Node.js knows no event of such a socket.
      const fd = openNetfilter({ blocks: true });
      const settings = { queue: QUESTION_QUEUE, copyBytes: COPY_BYTES, maxLength: MAX_WAITING };
      for (const message of queueMessages(settings)) writeSync(fd, message);
      taken = true;
      void readForever(fd);
    },
  };
}
