import type { Duplex } from 'node:stream';

type Sent = (error?: Error | null) => void;

/** Hands packets to the transport, in order. */
export type Outbox = (packet: Buffer, sent?: Sent) => void;

/** A hundred calls: enough to make a system call cheap, too few to let the daemon wait for the rest of a burst. */
const FULL = 16_384;

/** What is sent in one turn of the event loop leaves in few system calls. */
export function batchingOutbox(transport: Duplex): Outbox {
  let packets: Buffer[] = [];
  let size = 0;
  const write = (sent?: Sent) => {
    const batch = packets.length === 1 ? packets[0] : Buffer.concat(packets);
    packets = [];
    size = 0;
    transport.write(batch, sent);
  };
  const endOfTurn = () => {
    if (packets.length > 0) write();
  };
  return (packet, sent) => {
    if (packets.length === 0) process.nextTick(endOfTurn);
    packets.push(packet);
    size += packet.length;
    // A piece of a stream: whoever sends it waits for nothing else.
    if (sent || size >= FULL) write(sent);
  };
}

/**
 * Each packet in TLS records of its own. libvirtd reads one message whenever its socket has data, and does not look
 * whether the record that it decrypted holds another (virNetSocketHasCachedData, at least up to 9.0): a second message
 * in it would wait until the next record comes. The stream merges writes that wait, so none may wait.
 */
export function recordOutbox(transport: Duplex): Outbox {
  const waiting: { packet: Buffer; sent: Sent | undefined }[] = [];
  let writing = false;
  const next = () => {
    const first = waiting.shift();
    writing = first !== undefined;
    if (!first) return;
    transport.write(first.packet, (error) => {
      first.sent?.(error);
      next();
    });
  };
  return (packet, sent) => {
    waiting.push({ packet, sent });
    if (!writing) next();
  };
}
