/** Labels below which a country's registry gives names away, beside those of the country itself (`co.uk`, `com.cn`). */
const SECOND_LEVEL: ReadonlySet<string> = new Set(['ac', 'co', 'com', 'edu', 'gob', 'gov', 'net', 'ne', 'or', 'org']);

/** A name, parted into what somebody has registered and what they put before it. */
export interface PartedName {
  readonly domain: string;
  /** Without their dots. */
  readonly before: readonly string[];
}

/**
 * Whose name it is: the last two labels, or three where the last but one is a registry's. The list of public suffixes knows better;
 * where it would make several owners of one here, they are judged as one.
 * @returns undefined of what nobody has registered: a single label, an address, a name of the reverse tree (RFC 1035, 3.5)
 */
export function partName(name: string): PartedName | undefined {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  const [last = '', second = ''] = labels.slice(-2).reverse();
  if (labels.length < 2 || last === 'arpa' || /^\d+$/.test(last) || labels.includes('')) return undefined;
  const owned = last.length === 2 && SECOND_LEVEL.has(second) ? 3 : 2;
  if (labels.length < owned) return undefined;
  return { domain: labels.slice(-owned).join('.'), before: labels.slice(0, -owned) };
}
