import { isIPv6 } from 'node:net';

export const AF_INET = 2;
export const AF_INET6 = 10;
/** Room for either family. */
export const SOCKADDR_LENGTH = 28;

/** `struct sockaddr_in` or `sockaddr_in6` (ip(7), ipv6(7)): the family in the machine's order, the port in the network's. */
export function encodeSockaddr(host: string, port: number): Uint8Array {
  const family = isIPv6(host) ? AF_INET6 : AF_INET;
  const bytes = new Uint8Array(family === AF_INET6 ? SOCKADDR_LENGTH : 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, true);
  view.setUint16(2, port);
  if (family === AF_INET) bytes.set(host.split('.').map(Number), 4);
  else bytes.set(ipv6Octets(host), 8);
  return bytes;
}

/** The sender's address and port as one text, which names a transport session. */
export function sockaddrText(view: DataView, at: number): string {
  const port = view.getUint16(at + 2);
  if (view.getUint16(at, true) === AF_INET) {
    return `${view.getUint8(at + 4)}.${view.getUint8(at + 5)}.${view.getUint8(at + 6)}.${view.getUint8(at + 7)}:${port}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(at + 8 + index * 2).toString(16));
  return `${new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)}:${port}`;
}

/** The URL parser knows every way to write an IPv6 address and gives one back (WHATWG URL, "IPv6 serializer"). */
function ipv6Octets(host: string): number[] {
  const canonical = new URL(`http://[${host}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
  return all.flatMap((group) => [group >>> 8, group & 255]);
}
