import { equal } from './equal.ts';

/** A field that differs, as a path (`from.groupIds`). Undefined where there is none, before or after. */
export interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What differs between two objects, field by field; objects within are entered, lists are compared whole. */
export function diffFields(before: object | undefined, after: object | undefined): FieldChange[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => !equal(old.get(field), now.get(field)))
    .map((field) => ({
      field,
      ...(old.has(field) ? { before: old.get(field) } : {}),
      ...(now.has(field) ? { after: now.get(field) } : {}),
    }));
}

function leaves(value: object | undefined, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  for (const [key, field] of Object.entries(value ?? {})) {
    if (typeof field === 'object' && field !== null && !Array.isArray(field)) leaves(field, `${path}${key}.`, found);
    else found.set(path + key, field);
  }
  return found;
}
