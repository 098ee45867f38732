import type { FlowEnd } from '@hypervigil/model';
import { useCallback } from 'react';
import { systemName } from '../ui/format.ts';
import { useFormat } from '../ui/use-format.ts';

/** Where an end is that is outside of the cloud, in words: `Germany, AS64500 Example Carrier`; empty where nobody knows. */
export function useOriginText() {
  const format = useFormat();
  return useCallback(
    ({ country, asn, organisation }: FlowEnd) =>
      [country && format.country(country), asn !== undefined && systemName(asn, organisation)]
        .filter(Boolean)
        .join(', '),
    [format],
  );
}
