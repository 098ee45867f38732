import type { SeenMirror } from '@hypervigil/contract';

/** Packets of all hosts. */
export function copiedBy({ hosts }: SeenMirror): { readonly copied: number; readonly dropped: number } {
  return {
    copied: hosts.reduce((sum, { copied }) => sum + copied, 0),
    dropped: hosts.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}
