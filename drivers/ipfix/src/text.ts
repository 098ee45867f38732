const MAX_REMEMBERED = 65_536;

/** RFC 5952 text of an address in four 32-bit words; empty when it is of neither version. */
export function addressText(version: 0 | 4 | 6, a: number, b: number, c: number, d: number): string {
  if (version === 4) return v4Text(d);
  if (version !== 6) return '';
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  const { from, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  let from = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) from = index + 1;
    else if (index + 1 - from > best.length) best = { from, length: index + 1 - from };
  }
  return best;
}

const v4Text = remembered((d) => `${d >>> 24}.${(d >>> 16) & 255}.${(d >>> 8) & 255}.${d & 255}`);

/** 48 bits as `52:54:00:12:34:56`. */
export const macText = remembered((value) => {
  const hex = value.toString(16).padStart(12, '0');
  const octet = (n: number) => hex.slice(2 * n, 2 * n + 2);
  return `${octet(0)}:${octet(1)}:${octet(2)}:${octet(3)}:${octet(4)}:${octet(5)}`;
});

/** Texts of numbers that come again and again. When a flood of others has filled it, it begins anew. */
function remembered(textOf: (value: number) => string): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const text = textOf(value);
    known.set(value, text);
    return text;
  };
}
