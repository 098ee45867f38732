const MAX = 63;
/** Room for ` 1000` at the end. */
const ROOM = MAX - 5;

/** Names for rules of one policy by who is on their sides; each is given once. */
export function ruleNames(): (from: readonly string[], to: readonly string[]) => string {
  const given = new Map<string, number>();
  return (from, to) => {
    const name = named(`${brief(from)} - ${brief(to)}`, ROOM);
    const count = (given.get(name) ?? 0) + 1;
    given.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  };
}

/** The first, and how many more there are. */
const brief = ([first = '', ...others]: readonly string[]): string =>
  others.length === 0 ? first : `${first} and ${others.length}`;

/** What a name may be made of (see the schema of names); what it may not becomes a space. */
export function named(text: string, length: number): string {
  const kept = text.replaceAll(/[^\p{L}\p{N}._ -]+/gu, ' ').slice(0, length);
  return kept.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
