const PAGE_ROWS = 10_000;
const MAX_ROWS = 100_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Page by page, to the most that one file may hold. The first is read before this resolves. */
export async function eachPage<T>(
  read: (limit: number, cursor: string | undefined) => Promise<Page<T>>,
): Promise<AsyncGenerator<readonly T[]>> {
  const first = await read(PAGE_ROWS, undefined);
  return (async function* () {
    let page = first;
    for (let rows = PAGE_ROWS; ; rows += PAGE_ROWS) {
      yield page.items;
      if (page.nextCursor === null || rows >= MAX_ROWS) return;
      page = await read(PAGE_ROWS, page.nextCursor);
    }
  })();
}
