import type { Tenant } from '@hypervigil/model';
import { createContext, use } from 'react';
import type { MapFocus } from './focus.ts';

/** What the parts of the picture share. It changes seldom: every part is drawn anew when it does. */
export interface MapActions {
  readonly toggle: (container: string) => void;
  readonly focus: MapFocus;
  readonly tenants: ReadonlyMap<string, Tenant>;
  /** The moment by which lines are faded, in steps too small to be seen. */
  readonly now: number;
  readonly windowMs: number;
  /** Whether every line says its service, or only the one that is pointed at. */
  readonly labels: boolean;
}

export const MapActionsContext = createContext<MapActions | null>(null);
export function useMapActions(): MapActions {
  const actions = use(MapActionsContext);
  if (actions === null) throw new Error('useMapActions outside of a map');
  return actions;
}
