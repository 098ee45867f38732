/** A socket as the kernel lists it. */
export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly peer: string;
  readonly state: 'listening' | 'established' | 'other';
  readonly inode: string;
}

/** From include/net/tcp_states.h. A UDP socket without a peer is in TCP_CLOSE. */
const ESTABLISHED = '01';
const CLOSE = '07';
const LISTEN = '0A';

const LINE =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} ([0-9A-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+)/;

/** Reads `/proc/net/tcp`, `tcp6`, `udp` or `udp6` (proc(5)). Lines of any other form are left out. */
export function decodeSockets(protocol: 'tcp' | 'udp', text: string): Socket[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const [, address = '', port = '', peer = '', state = '', inode = ''] = match;
    const listening = protocol === 'tcp' ? LISTEN : CLOSE;
    return {
      protocol,
      address: addressOf(address),
      port: Number.parseInt(port, 16),
      peer: addressOf(peer),
      state: state === listening ? 'listening' : state === ESTABLISHED ? 'established' : 'other',
      inode,
    };
  });
}

/** The kernel prints each 32-bit word of an address in the machine's order; every machine that we run on is little-endian. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const text = bytes.join('');
  // An IPv4 connection on an IPv6 socket (RFC 4291, 2.5.5.2).
  if (/^0{20}f{4}/i.test(text)) return addressOf(bytes.slice(12).reverse().join(''));
  return new URL(`http://[${text.match(/.{4}/g)?.join(':')}]`).hostname.slice(1, -1);
}
