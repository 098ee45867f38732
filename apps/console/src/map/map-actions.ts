import { createContext, use } from 'react';

/** What the parts of the picture share: opening clusters, and what stands back while something else is pointed at. */
export interface MapActions {
  readonly toggle: (container: string) => void;
  readonly isDimmed: (id: string) => boolean;
  readonly now: number;
  readonly windowMs: number;
  readonly hovered: string | undefined;
  /** Whether every line says its service, or only the one that is pointed at. */
  readonly labels: boolean;
}

export const MapActionsContext = createContext<MapActions | null>(null);
export function useMapActions(): MapActions {
  const actions = use(MapActionsContext);
  if (actions === null) throw new Error('useMapActions outside of a map');
  return actions;
}
