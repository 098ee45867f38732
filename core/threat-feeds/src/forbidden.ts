import { type Block, contains, parseBlock, widthOf } from '@hypervigil/policy';

/**
 * Where no feed is: addresses that are not on the internet (IANA's special-purpose registries, RFC 6890). Asked by a server
 * they lead to itself, to its neighbours, and to a cloud's metadata (169.254.169.254, fd00:ec2::254, 100.100.100.200).
 */
const SPECIAL: readonly Block[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map((text) => parseBlock(text)!);

/** All of IPv6 that is given to anybody. */
const GLOBAL_V6 = parseBlock('2000::/3')!;
/** Within it: protocols' own (Teredo among them), documentation, 6to4, which carries an IPv4 address. */
const SPECIAL_V6: readonly Block[] = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map(
  (text) => parseBlock(text)!,
);
/** IPv4 in IPv6 (RFC 4291, 2.5.5.2): to the kernel it is IPv4. */
const MAPPED = parseBlock('::ffff:0:0/96')!;

/**
 * Whether a server may not connect to an address to fetch a feed.
 * @param allowed blocks that the operator allows although they are special
 */
export function isForbiddenAddress(address: string, allowed: readonly Block[]): boolean {
  const zone = address.indexOf('%');
  const block = parseBlock(zone < 0 ? address : address.slice(0, zone));
  if (!block || block.prefix !== widthOf(block.family)) return true;
  const point = contains(MAPPED, block) ? ({ family: 4, bits: block.bits & 0xffff_ffffn, prefix: 32 } as const) : block;
  const isIn = (blocks: readonly Block[]) => blocks.some((one) => contains(one, point));
  if (isIn(allowed)) return false;
  return point.family === 4 ? isIn(SPECIAL) : !contains(GLOBAL_V6, point) || isIn(SPECIAL_V6);
}
