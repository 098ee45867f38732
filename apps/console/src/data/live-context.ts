import { createContext, use, useSyncExternalStore } from 'react';
import type { LiveState, LiveUpdates } from './live.ts';

export const LiveContext = createContext<LiveUpdates | null>(null);

export function useLive(): { readonly state: LiveState; readonly setPaused: (paused: boolean) => void } {
  const live = use(LiveContext);
  if (live === null) throw new Error('useLive outside of the live context');
  const state = useSyncExternalStore(live.subscribe, live.state);
  return { state, setPaused: (paused) => live.setPaused(paused) };
}
