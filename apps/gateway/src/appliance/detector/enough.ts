const MAX_KNOWN = 65_536;
const IDLE_MS = 60_000;

/** Connections that nDPI has seen enough of: of copies there are as many as packets. */
export interface Enough {
  add(connection: string, atMs: number): void;
  /** Until none of its packets has come for a minute. */
  has(connection: string, atMs: number): boolean;
}

export function createEnough(): Enough {
  /** When their last packet came, in that order. */
  const last = new Map<string, number>();
  const touch = (connection: string, atMs: number): void => {
    last.delete(connection);
    last.set(connection, atMs);
    if (last.size > MAX_KNOWN) last.delete(last.keys().next().value!);
  };
  return {
    add: touch,
    has(connection, atMs) {
      const before = last.get(connection);
      if (before === undefined) return false;
      if (atMs - before >= IDLE_MS) {
        last.delete(connection);
        return false;
      }
      touch(connection, atMs);
      return true;
    },
  };
}
