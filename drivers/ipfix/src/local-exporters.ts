import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { AF_INET, AF_INET6, encodeSockaddr, SOCKADDR_LENGTH, sockaddrText } from './sockaddr.ts';

/** Tells whose datagrams are to be heard. */
export interface LocalSenders {
  /** @param sender `address:port` */
  readonly isHeard: (sender: string) => boolean;
  /** Looks who is connected now; to be called about once a second. */
  readonly look: () => void;
}

interface LocalExporters {
  /** Where the collector listens: an address of this machine that none other reaches, such as `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
  /** The user whose sockets are heard; nobody's while it is undefined. */
  readonly uid: () => number | undefined;
  /** The kernel's table of UDP sockets. */
  readonly table?: () => string;
  /** Milliseconds of a clock that only moves forward. */
  readonly steady?: () => number;
}

/** A sender is looked up again after so long: its port may be another's by then. */
const HOLD_MS = 1_000;
/** Strangers have the table read so often at most. */
const LOOK_MS = 25;
/** What was sent may be read after its socket was closed: a port that is nobody's is still its last owner's for so long. */
const CLOSED_MS = 3_000;

/**
 * Tells the datagrams of one user's programs from those of others on this machine, by the sockets that are connected to the
 * collector: UDP says nothing of who sends, but an unprivileged program can send only from a socket that the kernel has under
 * its user (proc(5), /proc/net/udp).
 */
export function hearLocal({ host, port, uid, table = readTable(host), steady = now }: LocalExporters): LocalSenders {
  const collector = socketText(host, port);
  /** When each was last seen connected. */
  const seen = new Map<string, number>();
  let lookedMs = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    lookedMs = steady();
    const user = uid();
    const foreign = new Set<string>();
    for (const { local, remote, owner } of readSockets(table())) {
      if (remote === collector && owner === user) seen.set(senderText(local), lookedMs);
      else foreign.add(portOf(local));
    }
    for (const [sender, atMs] of seen) {
      const isClosed = atMs < lookedMs;
      const isOver = lookedMs - atMs >= CLOSED_MS || foreign.has(portOf(socketOf(sender)));
      if (user === undefined || (isClosed && isOver)) seen.delete(sender);
    }
  };
  return {
    look,
    isHeard(sender) {
      if (steady() - lookedMs >= (seen.has(sender) ? HOLD_MS : LOOK_MS)) look();
      return seen.has(sender);
    },
  };
}

const now = () => performance.now();
const readTable = (host: string) => () => readFileSync(isIPv6(host) ? '/proc/net/udp6' : '/proc/net/udp', 'utf8');

/** The table's lines, their addresses as {@link socketText} writes them. */
function* readSockets(table: string): Iterable<{ local: string; remote: string; owner: number }> {
  for (const line of table.split('\n').slice(1)) {
    const [, local, remote, , , , , owner] = line.trim().split(/\s+/);
    if (local !== undefined && remote !== undefined) yield { local, remote, owner: Number(owner) };
  }
}

const portOf = (socket: string): string => socket.slice(socket.lastIndexOf(':') + 1);

function socketOf(sender: string): string {
  const at = sender.lastIndexOf(':');
  return socketText(sender.slice(0, at), Number(sender.slice(at + 1)));
}

/** As the table has it: the address in words of four octets in the machine's order, the port as a number; all in hex. */
export function socketText(host: string, port: number): string {
  const bytes = encodeSockaddr(host, port);
  const address = isIPv6(host) ? bytes.subarray(8, 24) : bytes.subarray(4, 8);
  return `${Buffer.from(swapped(address)).toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

function senderText(socket: string): string {
  const [hex = '', port = ''] = socket.split(':');
  const address = swapped(Buffer.from(hex, 'hex'));
  const bytes = new Uint8Array(SOCKADDR_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, address.length === 4 ? AF_INET : AF_INET6, true);
  view.setUint16(2, Number.parseInt(port, 16));
  bytes.set(address, address.length === 4 ? 4 : 8);
  return sockaddrText(view, 0);
}

/** The octets in the network's order in that of the machine, or back. */
function swapped(address: Uint8Array): Uint8Array {
  if (endianness() === 'BE') return address;
  return address.map((_, at) => address[(at & ~3) + 3 - (at & 3)]!);
}
