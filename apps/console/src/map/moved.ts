import { readStored, store } from '../data/preferences.ts';
import type { Layout } from './scene.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}
export type Moved = Readonly<Record<string, Point>>;

const MAX_REMEMBERED = 2000;

/** Where somebody dragged things to, per layout. Kept in the browser: it is their picture, not the cloud's. */
export function readMoved(layout: Layout): Moved {
  try {
    const value: unknown = JSON.parse(readStored(`map.${layout}`) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(([, p]) => Number.isFinite(p?.x) && Number.isFinite(p?.y)) as [string, Point][],
    );
  } catch {
    return {};
  }
}
export function storeMoved(layout: Layout, moved: Moved): void {
  store(`map.${layout}`, JSON.stringify(Object.fromEntries(Object.entries(moved).slice(-MAX_REMEMBERED))));
}
