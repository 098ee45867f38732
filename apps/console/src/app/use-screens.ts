import { useMemo } from 'react';
import { useDenials } from '../data/rights.ts';
import { SCREENS, type Screen } from './screens.ts';

/** The screens of which the reader may see something: no way leads to the others. */
export function useScreens(): readonly Screen[] {
  const denied = useDenials();
  return useMemo(
    () => SCREENS.filter(({ permission }) => permission === undefined || denied(permission) === undefined),
    [denied],
  );
}
