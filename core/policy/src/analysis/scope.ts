import type { Bits } from './bits.ts';
import type { Box } from './packet-set.ts';
import type { Endpoint } from './policy-index.ts';

export type Owners = ReadonlyMap<Endpoint['owner'], Bits>;
type Sides = Pick<Box, 'src' | 'dst'>;

/** Pairs of ends of which at least one is a vNIC: nobody judges the others. */
export function judgedPairs(held: Bits, outside: Bits): Sides[] {
  return [
    { src: held, dst: held | outside },
    { src: outside, dst: held },
  ];
}

/** Those of the judged pairs that no tenant has a say in: two owners, or a VM that has none. */
export function foreignPairs(owners: Owners, outside: Bits): Sides[] {
  const held = [...owners.values()].reduce((all, bits) => all | bits, 0n);
  const nobodys = owners.get('nobody') ?? 0n;
  return [
    ...Array.from(owners, ([owner, bits]) => ({
      src: bits,
      dst: owner === 'nobody' ? held | outside : held & ~bits,
    })),
    { src: outside, dst: nobodys },
  ];
}

/** What of a box a rule may speak of: of a tenant's rule its own vNICs, among themselves and with the outside. */
export function inScope(box: Box, tenant: number | null, owners: Owners, outside: Bits): Box[] {
  if (tenant === null) return [box];
  const own = owners.get(tenant) ?? 0n;
  return [
    { ...box, src: box.src & own, dst: box.dst & (own | outside) },
    { ...box, src: box.src & outside, dst: box.dst & own },
  ];
}
