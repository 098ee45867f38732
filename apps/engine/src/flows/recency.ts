/** Neighbours in the order of the last touch. */
export interface Touched<T> {
  older: T | null;
  newer: T | null;
}

/** Things in the order in which they were last touched. The order goes through the things themselves, so that nothing is looked up. */
export class Recency<T extends Touched<T>> {
  #oldest: T | null = null;
  #newest: T | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): T | null {
    return this.#oldest;
  }

  /** Puts it behind all others, whether or not it was there. */
  touch(thing: T): void {
    if (thing === this.#newest) return;
    this.remove(thing);
    thing.older = this.#newest;
    if (this.#newest === null) this.#oldest = thing;
    else this.#newest.newer = thing;
    this.#newest = thing;
    this.#size++;
  }

  /** Leaves out what is not there. */
  remove(thing: T): void {
    const { older, newer } = thing;
    if (older === null && newer === null && thing !== this.#oldest) return;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    thing.older = null;
    thing.newer = null;
    this.#size--;
  }
}
