/** Puts other names in the place of names, within whatever. */
export interface Renamer {
  name(before: string, after: string): void;
  /** The same in the new names; lists have each only once then. */
  rename<T>(value: T): T;
}

/** @param unnamed whether a name without a new one means nobody: lists lose it, and elsewhere it is null */
export function createRenamer(words: Readonly<Record<string, string>>, unnamed: (text: string) => boolean): Renamer {
  const names = new Map(Object.entries(words));
  const rename = (one: unknown): unknown => {
    if (typeof one === 'string') return names.get(one) ?? (unnamed(one) ? null : one);
    if (Array.isArray(one)) return [...new Set(one.map(rename))].filter((item) => item !== null);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, rename(item)]));
  };
  return {
    name: (before, after) => void names.set(before, after),
    rename: <T>(value: T) => rename(value) as T,
  };
}
