import { useFormat } from './use-format.ts';
import { useNow } from './use-now.ts';

/** Relative in the text, absolute with its zone on hover and for assistive technology. */
export function RelativeTime({ at }: { readonly at: string | null }) {
  const format = useFormat();
  const now = useNow();
  if (at === null) return <span className="hv-muted">–</span>;
  return (
    <time dateTime={at} title={format.instant(at)}>
      {format.relative(at, Math.max(now, 0))}
    </time>
  );
}

export function AbsoluteTime({ at }: { readonly at: string | null }) {
  const format = useFormat();
  return at === null ? <span className="hv-muted">–</span> : <time dateTime={at}>{format.instant(at)}</time>;
}
