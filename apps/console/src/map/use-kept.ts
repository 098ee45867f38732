import { useEffect, useMemo, useRef } from 'react';

/** `next`, with what is the same as before being the same object as before; all of `previous` when nothing differs. */
export function keepSame<T extends { readonly id: string }>(
  previous: readonly T[],
  next: readonly T[],
  same: (a: T, b: T) => boolean,
): readonly T[] {
  const before = new Map(previous.map((item) => [item.id, item]));
  const kept = next.map((item) => {
    const old = before.get(item.id);
    return old !== undefined && same(old, item) ? old : item;
  });
  return kept.length === previous.length && kept.every((item, n) => item === previous[n]) ? previous : kept;
}

/** {@link keepSame} from one drawing to the next: of 1,000 VMs on a map only the one that changed is drawn anew. */
export function useKept<T extends { readonly id: string }>(
  next: readonly T[],
  same: (a: T, b: T) => boolean,
): readonly T[] {
  const previous = useRef<readonly T[]>([]);
  const kept = useMemo(() => keepSame(previous.current, next, same), [next, same]);
  useEffect(() => {
    previous.current = kept;
  }, [kept]);
  return kept;
}
