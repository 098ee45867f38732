import { numberToAddress } from '@hypervigil/model';

/** Text of the IPv4 address at a place. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** Text of the IPv6 address at a place (RFC 5952). */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  let value = 0n;
  for (let i = 0; i < 16; i++) value = (value << 8n) + BigInt(bytes[at + i]!);
  return numberToAddress(value);
}

/** `52:54:00:12:34:56` */
export function macText(bytes: Uint8Array, at: number): string {
  return Array.from({ length: 6 }, (_, i) => bytes[at + i]!.toString(16).padStart(2, '0')).join(':');
}
