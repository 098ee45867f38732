import type { FlowExpression } from './expression.ts';

/** Milliseconds since 1970; both included, infinite where nothing is said. */
export interface TimeBounds {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The time that no flow outside of can be right: what is said of `time` beside everything else. */
export function timeBounds(expression: FlowExpression | null): TimeBounds {
  const parts = expression === null ? [] : expression.op === 'and' ? expression.of : [expression];
  let [fromMs, toMs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const part of parts) {
    const inner =
      part.op === 'and'
        ? timeBounds(part)
        : part.op === 'test' && part.field === 'time' && part.is.kind === 'within'
          ? { fromMs: part.is.low, toMs: part.is.high }
          : undefined;
    if (inner === undefined) continue;
    fromMs = Math.max(fromMs, inner.fromMs);
    toMs = Math.min(toMs, inner.toMs);
  }
  return { fromMs, toMs };
}
