import { Ipv4, Ipv6, Tags } from '@hypervigil/model';

const MAX_ADDRESSES = 64;
const MAX_TAGS = 50;

/** `k=v` words as tags; a word without `=` is a tag with an empty value. What is too long is left out. */
export function tagClaims(words: readonly string[] | undefined): Record<string, string> {
  const pairs = (words ?? []).map((word): [string, string] => {
    const at = word.indexOf('=');
    return at < 0 ? [word.trim(), ''] : [word.slice(0, at).trim(), word.slice(at + 1).trim()];
  });
  const one = Tags.safeParse;
  return Object.fromEntries(pairs.filter(([key, value]) => one({ [key]: value }).success).slice(0, MAX_TAGS));
}

export function ipv4Claims(words: readonly string[] | undefined): string[] {
  return (words ?? []).filter((word) => Ipv4.safeParse(word).success).slice(0, MAX_ADDRESSES);
}

export function ipv6Claims(words: readonly string[] | undefined): string[] {
  return (words ?? []).filter((word) => Ipv6.safeParse(word).success).slice(0, MAX_ADDRESSES);
}
