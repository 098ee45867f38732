import type { Pending } from '@hypervigil/model';
import { usePendingText } from '../data/pending.ts';
import { StagedIcon } from './icons.tsx';

/** Beside a verdict: staged rules would give another. */
export function PendingMark({ pending }: { readonly pending: Pending }) {
  const text = usePendingText()(pending);
  return (
    <span className="hv-pending" role="img" aria-label={text} title={text}>
      <StagedIcon />
    </span>
  );
}
