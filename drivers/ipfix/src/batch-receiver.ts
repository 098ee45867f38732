import { isIPv6 } from 'node:net';
import { IpfixError } from './errors.ts';
import { type Libc, loadLibc } from './libc.ts';
import type { OnDatagram, Receiver, ReceiverOptions } from './receiver.ts';
import { AF_INET, AF_INET6, encodeSockaddr, SOCKADDR_LENGTH, sockaddrText } from './sockaddr.ts';

/** Datagrams taken by one system call. */
const BATCH = 64;
/** No datagram is longer (UDP's length field). */
const SLOT = 65_536;
/** struct mmsghdr, iovec and the room for a sender's address, on 64-bit Linux. */
const MMSGHDR = 64;
const IOVEC = 16;
const SENDER = 32;
const MMSG_LENGTH = 56;

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;

/** While datagrams come, the socket is read this often, so that many are taken at a time … */
const BUSY_MS = 1;
/** … and else this often. */
const IDLE_MS = 10;
/** Batches read before others get their turn. */
const BATCHES_PER_TURN = 16;

/**
 * Receives by recvmmsg(2), up to 64 datagrams a call, on a timer instead of a wake-up for each: half the cost of
 * `node:dgram` under load. Between two turns the datagrams wait in the kernel, so the receive buffer must be larger
 * than net.core.rmem_max usually allows, which takes CAP_NET_ADMIN.
 *
 * @returns null where that is not to be had; the caller falls back to `node:dgram`
 * @throws IpfixError `IPFIX_BIND_FAILED`
 */
export function openBatchReceiver(options: ReceiverOptions, onDatagram: OnDatagram): Receiver | null {
  const libc = loadLibc();
  const fd = libc.socket(isIPv6(options.host) ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return null;
  if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int32(options.receiveBuffer), 4) < 0) {
    libc.close(fd);
    return null;
  }
  const address = encodeSockaddr(options.host, options.port);
  if (libc.bind(fd, address, address.length) < 0) {
    const code = libc.errno();
    libc.close(fd);
    const where = `UDP ${options.host} port ${options.port}`;
    throw new IpfixError('IPFIX_BIND_FAILED', `Cannot listen for flows on ${where} (errno ${code}).`);
  }
  return poll(libc, fd, onDatagram);
}

function poll(libc: Libc, fd: number, onDatagram: OnDatagram): Receiver {
  const ring = allocateRing(libc);
  let timer = setTimeout(turn, IDLE_MS);

  function turn(): void {
    let count = BATCH;
    let batches = 0;
    while (count === BATCH && batches++ < BATCHES_PER_TURN) count = ring.receive(fd, onDatagram);
    timer = setTimeout(turn, batches > 1 || count > 0 ? BUSY_MS : IDLE_MS);
  }

  return {
    port: boundPort(libc, fd),
    close() {
      clearTimeout(timer);
      while (ring.receive(fd, onDatagram) > 0);
      libc.close(fd);
      ring.free();
    },
  };
}

/** What recvmmsg fills: headers that point to vectors that point to slots, all in one block of memory. */
function allocateRing(libc: Libc) {
  const vectors = BATCH * MMSGHDR;
  const senders = vectors + BATCH * IOVEC;
  const slots = senders + BATCH * SENDER;
  const memory = libc.allocate(slots + BATCH * SLOT);
  const view = new DataView(memory.view.buffer);
  for (let i = 0; i < BATCH; i++) {
    const header = i * MMSGHDR;
    view.setBigUint64(header, memory.address + BigInt(senders + i * SENDER), true);
    view.setBigUint64(header + 16, memory.address + BigInt(vectors + i * IOVEC), true);
    view.setBigUint64(header + 24, 1n, true);
    view.setBigUint64(vectors + i * IOVEC, memory.address + BigInt(slots + i * SLOT), true);
    view.setBigUint64(vectors + i * IOVEC + 8, BigInt(SLOT), true);
    view.setUint32(header + 8, SOCKADDR_LENGTH, true);
  }
  const packets = Array.from({ length: BATCH }, (_, i) =>
    memory.view.subarray(slots + i * SLOT, slots + (i + 1) * SLOT),
  );
  const names = senderNames(view, senders);

  return {
    /** @returns the number of datagrams */
    receive(fd: number, onDatagram: OnDatagram): number {
      const count = libc.recvmmsg(fd, memory.address, BATCH, MSG_DONTWAIT, null);
      for (let i = 0; i < count; i++) {
        const header = i * MMSGHDR;
        // The kernel wrote how long the sender's address is; it wants to be told the room again.
        view.setUint32(header + 8, SOCKADDR_LENGTH, true);
        onDatagram(packets[i]!, view.getUint32(header + MMSG_LENGTH, true), names(i));
      }
      return Math.max(count, 0);
    },
    free: memory.free,
  };
}

/** Makes the text of a sender only when the slot's sender changed. */
function senderNames(view: DataView, senders: number): (slot: number) => string {
  const known = Array.from({ length: BATCH }, () => ({ low: -1, high: -1, name: '' }));
  return (slot) => {
    const at = senders + slot * SENDER;
    const entry = known[slot]!;
    const isV4 = view.getUint16(at, true) === AF_INET;
    const low = view.getUint32(at);
    const high = view.getUint32(at + 4);
    if (!isV4 || low !== entry.low || high !== entry.high) {
      entry.name = sockaddrText(view, at);
      entry.low = low;
      entry.high = high;
    }
    return entry.name;
  };
}

function boundPort(libc: Libc, fd: number): number {
  const address = new Uint8Array(SOCKADDR_LENGTH);
  libc.getsockname(fd, address, int32(SOCKADDR_LENGTH));
  return new DataView(address.buffer).getUint16(2);
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
