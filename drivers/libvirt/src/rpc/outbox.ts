import type { Duplex } from 'node:stream';

type Sent = (error?: Error | null) => void;

/** Hands packets to the transport, in order. */
export type Outbox = (packet: Buffer, sent?: Sent) => void;

/** What is sent in one turn of the event loop leaves in one system call. */
export function batchingOutbox(transport: Duplex): Outbox {
  let corked = false;
  const uncork = () => {
    corked = false;
    transport.uncork();
  };
  return (packet, sent) => {
    if (!corked) {
      corked = true;
      transport.cork();
      process.nextTick(uncork);
    }
    transport.write(packet, sent);
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
