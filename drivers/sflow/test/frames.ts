const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

/** From 52:54:00:00:00:02 to 52:54:00:00:00:01. */
const LINK = '525400000001 525400000002';
/** RFC 791: 100 octets of TCP from 10.0.0.1 to 10.0.0.2. */
const IPV4 = '4500 0064 0000 4000 40 06 0000 0a000001 0a000002';
/** Port 40000 to 443, SYN and ACK. */
const TCP = '9c40 01bb 00000001 00000000 50 12 ffff 0000 0000';

export const TCP_OVER_IPV4 = hex(LINK, '0800', IPV4, TCP);
export const TAGGED = hex(LINK, '8100 0065', '0800', IPV4, TCP);
export const TWICE_TAGGED = hex(LINK, '88a8 0065', '8100 0066', '0800', IPV4, TCP);
export const IPV4_ALONE = hex(IPV4, TCP);
/** Of a packet in pieces the second: no ports, whatever stands there. */
export const LATER_FRAGMENT = hex(LINK, '0800', IPV4.replace('4000', '00b9'), TCP);
/** A length of 0, as segmentation on the card leaves it. */
export const NO_LENGTH = hex(LINK, '0800', IPV4.replace('0064', '0000'), TCP);
export const PING = hex(LINK, '0800', IPV4.replace('40 06', '40 01'), '0800 0000 0001 0001');
export const ARP = hex(LINK, '0806', '0001 0800 06 04 0001', '525400000002 0a000001 000000000000 0a000002');

const IPV6 = (next: string): string => `60000000 0040 ${next} 40 fd00${'0'.repeat(27)}1 fd00${'0'.repeat(27)}2`;
/** UDP from port 5353 to 53 behind hop-by-hop options and a first fragment. */
export const UDP_BEHIND_EXTENSIONS = hex(
  LINK,
  '86dd',
  IPV6('00'),
  '2c 00 000000000000',
  '11 00 0001 00000001',
  '14e9 0035 0008 0000',
);
/** Extension headers without end. */
export const ENDLESS_EXTENSIONS = hex(LINK, '86dd', IPV6('00'), '00 00 000000000000'.repeat(12), '14e9 0035 0008 0000');
