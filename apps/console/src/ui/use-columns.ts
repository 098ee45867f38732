import { useMemo, useState, useSyncExternalStore } from 'react';
import { readStored, store } from '../data/preferences.ts';
import type { Column } from './table-model.ts';

const BREAKPOINTS = { md: 640, lg: 1024, xl: 1360 } as const;

const subscribe = (listener: () => void) => {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
};
const widthStep = () => Object.values(BREAKPOINTS).filter((px) => window.innerWidth >= px).length;

/** Columns that somebody named, by their ids, in place of the reader's own choice. */
interface NamedColumns {
  readonly ids: readonly string[];
  readonly name: (ids: readonly string[]) => void;
}

/**
 * Which columns a table shows: what fits the window, changed by what the reader chose (kept per table); or those that are
 * named, if any are.
 */
export function useColumns<T>(table: string, columns: readonly Column<T>[], named?: NamedColumns) {
  const step = useSyncExternalStore(subscribe, widthStep);
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>(() => parse(readStored(`columns.${table}`)));
  const isNamed = columns.some(({ id }) => named?.ids.includes(id));
  const isShown = (column: Column<T>) => {
    if (isNamed) return named!.ids.includes(column.id);
    const choice = chosen[column.id];
    if (choice !== undefined) return choice;
    if (column.extra === true) return false;
    return column.from === undefined || step > Object.keys(BREAKPOINTS).indexOf(column.from);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: isShown reads exactly these
  const shown = useMemo(() => columns.filter(isShown), [columns, chosen, step, named?.ids.join()]);
  const toggle = (id: string, on: boolean) => {
    if (isNamed) {
      named!.name(columns.filter((column) => (column.id === id ? on : isShown(column))).map((column) => column.id));
      return;
    }
    const next = { ...chosen, [id]: on };
    setChosen(next);
    store(`columns.${table}`, JSON.stringify(next));
  };
  return { shown, isShown, toggle };
}

function parse(text: string | null): Readonly<Record<string, boolean>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, boolean>) : {};
  } catch {
    return {};
  }
}
