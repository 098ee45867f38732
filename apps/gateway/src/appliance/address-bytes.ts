/** The 4 or 16 bytes of an address in text; throws a RangeError for anything else. */
export function addressBytes(text: string): Buffer {
  if (!text.includes(':')) {
    const parts = text.split('.').map(Number);
    if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256))
      throw new RangeError(`${text} is no address`);
    return Buffer.from(parts);
  }
  const [head = '', tail, ...rest] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const gap = 8 - first.length - last.length;
  const all = [...first, ...Array<number>(Math.max(0, gap)).fill(0), ...last];
  const isWhole = rest.length === 0 && (tail === undefined ? gap === 0 : gap > 0);
  if (!isWhole || !all.every((group) => group >= 0 && group < 65_536)) throw new RangeError(`${text} is no address`);
  return Buffer.from(all.flatMap((group) => [Math.floor(group / 256), group % 256]));
}
