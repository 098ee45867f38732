import { ATTRIBUTES_AT, attribute, attributesOf, netfilterMessage, u32, vlanOf } from './netlink.ts';

/** linux/netfilter/nfnetlink_queue.h: subsystem 3. */
const PACKET = 0x300;
const VERDICT = 0x301;
const CONFIG = 0x302;
const CONFIG_ATTRIBUTE = { command: 1, params: 2, maxLength: 3 } as const;
const BIND = 1;
const COPY_PACKET = 2;
const QUEUED = { header: 1, verdictHeader: 2, mark: 3, payload: 10, vlan: 19 } as const;
const NF = { drop: 0, accept: 1 } as const;
const AF_UNSPEC = 0;

interface QueueSettings {
  readonly queue: number;
  /** Bytes of each packet that are handed over. */
  readonly copyBytes: number;
  /** Packets that may wait; what comes then is dropped. */
  readonly maxLength: number;
}

/** Takes a queue, and says what of its packets is wanted: a message each. */
export function queueMessages({ queue, copyBytes, maxLength }: QueueSettings): Buffer[] {
  const configure = (sequence: number, one: Buffer) =>
    netfilterMessage({ type: CONFIG, family: AF_UNSPEC, resource: queue, sequence, attributes: [one] });
  return [
    // nfqnl_msg_config_cmd: command, padding, protocol family (of no meaning since 3.8).
    configure(1, attribute(CONFIG_ATTRIBUTE.command, Buffer.of(BIND, 0, 0, 0))),
    configure(2, attribute(CONFIG_ATTRIBUTE.maxLength, u32(maxLength))),
    configure(3, attribute(CONFIG_ATTRIBUTE.params, Buffer.concat([u32(copyBytes), Buffer.of(COPY_PACKET)]))),
  ];
}

export const verdictMessage = (queue: number, id: number, verdict: keyof typeof NF): Buffer =>
  netfilterMessage({
    type: VERDICT,
    family: AF_UNSPEC,
    resource: queue,
    sequence: 0,
    acknowledge: false,
    attributes: [attribute(QUEUED.verdictHeader, Buffer.concat([u32(NF[verdict]), u32(id)]))],
  });

/** A packet that waits for its verdict. */
export interface QueuedPacket {
  readonly id: number;
  readonly mark: number;
  readonly vlan: number | null;
  /** From the IP header on. */
  readonly packet: Buffer;
}

/** The packet that a message of the kernel's holds; undefined for any other message. */
export function parseQueued(message: Buffer): QueuedPacket | undefined {
  if (message.length < ATTRIBUTES_AT || message.readUInt16LE(4) !== PACKET) return undefined;
  const attributes = attributesOf(message, ATTRIBUTES_AT);
  const header = attributes.get(QUEUED.header);
  if (header === undefined || header.length < 4) return undefined;
  const mark = attributes.get(QUEUED.mark);
  return {
    id: header.readUInt32BE(0),
    mark: mark && mark.length >= 4 ? mark.readUInt32BE(0) : 0,
    vlan: vlanOf(attributes.get(QUEUED.vlan)),
    packet: attributes.get(QUEUED.payload) ?? Buffer.alloc(0),
  };
}
