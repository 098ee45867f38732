/** IP addresses as numbers. The callers have checked the text with `node:net`. */

export function parseIpv4(text: string): bigint {
  return text.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

export function parseIpv6(text: string): bigint {
  const [withoutZone = ''] = text.split('%');
  const lastColon = withoutZone.lastIndexOf(':');
  const tail = withoutZone.slice(lastColon + 1);
  const expanded = tail.includes('.') ? withoutZone.slice(0, lastColon + 1) + ipv4Groups(tail) : withoutZone;
  const [head = '', rest] = expanded.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [left, right] = [groups(head), groups(rest ?? '')];
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function ipv4Groups(text: string): string {
  const value = parseIpv4(text);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

/** As inet_ntop(3): the first longest run of two or more zero groups becomes `::` (RFC 5952), IPv4 in its last 32 bits is dotted. */
export function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(16 * (7 - i))) & 0xffffn));
  const run = longestZeroRun(groups);
  const low = value & 0xffff_ffffn;
  const high = value >> 32n;
  const isMapped = high === 0xffffn;
  const isCompatible = high === 0n && run.start === 0 && run.length === 6;
  if (isMapped || isCompatible) {
    const dotted = [24n, 16n, 8n, 0n].map((shift) => (low >> shift) & 0xffn).join('.');
    return isMapped ? `::ffff:${dotted}` : `::${dotted}`;
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return text(groups);
  return `${text(groups.slice(0, run.start))}::${text(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}
