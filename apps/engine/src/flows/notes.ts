/** What was last said of something, as long as it is believed. */
export interface Notes<T> {
  get(about: string): T | undefined;
  /** Whether that is news. */
  set(about: string, note: T): boolean;
  /** Forgets what nothing has confirmed. */
  expire(): void;
  readonly isEmpty: boolean;
}

interface NotesOptions<T> {
  readonly isSame: (a: T, b: T) => boolean;
  /** Beyond it the one that was confirmed longest ago goes. */
  readonly max: number;
  readonly ttlMs: number;
  /** Milliseconds of a clock that only moves forward. */
  readonly steady: () => number;
}

export function createNotes<T>({ isSame, max, ttlMs, steady }: NotesOptions<T>): Notes<T> {
  /** In the order of the last confirmation. */
  const notes = new Map<string, { readonly note: T; readonly touchedMs: number }>();
  /** Goes on where it was, past all that was deleted. */
  const fromOldest = notes.keys();
  return {
    get: (about) => notes.get(about)?.note,
    set(about, note) {
      const before = notes.get(about);
      notes.delete(about);
      notes.set(about, { note, touchedMs: steady() });
      if (notes.size > max) notes.delete(fromOldest.next().value!);
      return !(before && isSame(before.note, note));
    },
    expire() {
      for (const [about, { touchedMs }] of notes) {
        if (steady() - touchedMs < ttlMs) break;
        notes.delete(about);
      }
    },
    get isEmpty() {
      return notes.size === 0;
    },
  };
}
