import type { Selector } from '@hypervigil/model';

/** A tag (any value: null) without which, or without another of its list, a selector does not find a VM. */
export type Anchor = Pick<Extract<Selector, { op: 'has' }>, 'key' | 'value'>;

/**
 * Tags of which every VM that a selector finds has one at least; the fewest and most telling that its words show.
 * Null when it finds VMs by what they lack: then every VM has to be looked at.
 */
export function anchorsOf(selector: Selector, isNegated = false): readonly Anchor[] | null {
  switch (selector.op) {
    case 'has':
      return isNegated ? null : [selector];
    case 'not':
      return anchorsOf(selector.of, !isNegated);
    default: {
      const parts = selector.of.map((one) => anchorsOf(one, isNegated));
      const isEvery = (selector.op === 'and') !== isNegated;
      if (isEvery) return parts.filter((one) => one !== null).sort((a, b) => cost(a) - cost(b))[0] ?? null;
      return parts.includes(null) ? null : parts.flatMap((one) => one ?? []);
    }
  }
}

/** A key with any value finds many more VMs than one with a value. */
const cost = (anchors: readonly Anchor[]): number =>
  anchors.reduce((sum, { value }) => sum + (value === null ? 100 : 1), 0);
