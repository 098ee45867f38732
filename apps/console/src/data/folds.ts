/** Which parts of a tree are folded: named ones, or all but those. As the address bar holds it: `a,b` or `all,a`. */
export interface Folds {
  readonly all: boolean;
  readonly except: ReadonlySet<string>;
}

const ALL = 'all';

export function parseFolds(text: string | undefined): Folds {
  const ids = new Set((text ?? '').split(',').filter(Boolean));
  return { all: ids.delete(ALL), except: ids };
}

/** Undefined when nothing is folded. */
export const writeFolds = ({ all, except }: Folds): string | undefined =>
  [...(all ? [ALL] : []), ...except].join() || undefined;

export const NOTHING_FOLDED: Folds = { all: false, except: new Set() };
export const ALL_FOLDED: Folds = { all: true, except: new Set() };

export const isFolded = ({ all, except }: Folds, id: string): boolean => all !== except.has(id);

export function withFold(folds: Folds, id: string, folded: boolean): Folds {
  const except = new Set(folds.except);
  if (folded === folds.all) except.delete(id);
  else except.add(id);
  return { ...folds, except };
}
