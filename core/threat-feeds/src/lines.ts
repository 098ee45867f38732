/** The lines of a text, however they end, counted from 1. None is longer than {@link MAX_LINE}; what is over is cut off. */
export function* linesOf(text: string): Iterable<{ line: string; number: number }> {
  let number = 1;
  for (let at = 0; at < text.length; number++) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end;
    yield { line: text.slice(at, Math.min(next, at + MAX_LINE)).replace(/\r$/, ''), number };
    at = next + 1;
  }
}

const MAX_LINE = 10_000;
