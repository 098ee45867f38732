import { isDeepStrictEqual } from 'node:util';
import { childOf, childrenOf, insertChild, removeChild } from './edit.ts';
import type { Field } from './field.ts';
import { newElement, type XmlElement } from './tree.ts';

/**
 * Ties a model to the element that it was read from, so that what the model does not know survives. Spreading keeps
 * it (`{ ...vnic, mtu: 1400 }`), JSON leaves it out.
 */
export const SOURCE: unique symbol = Symbol('source element');

export interface Sourced {
  readonly [SOURCE]?: XmlElement;
}

/** Where each value of a model stands. */
export type Shape<Model> = { [Key in Exclude<keyof Model, typeof SOURCE>]-?: Field<NonNullable<Model[Key]>> };

/** The values that are there; what is not, or cannot be read, is left out. */
export function readShape<Model extends Sourced>(shape: Shape<Model>, element: XmlElement): Model {
  const model: Record<PropertyKey, unknown> = { [SOURCE]: element };
  for (const [key, field] of Object.entries(shape) as [string, Field<unknown>][]) {
    const value = field.read(element);
    if (value !== undefined) model[key] = value;
  }
  return model as Model;
}

/** Writes the values that differ from what stands there; a value that the model lacks is removed. */
export function writeShape<Model extends Sourced>(shape: Shape<Model>, element: XmlElement, model: Model): void {
  for (const [key, field] of Object.entries(shape) as [keyof Model, Field<unknown>][]) {
    const value: unknown = model[key];
    if (!isDeepStrictEqual(value, field.read(element))) field.write(element, value);
  }
}

/** Reads the like-named children below `path`. */
export function readList<Model extends Sourced>(
  shape: Shape<Model>,
  parent: XmlElement | undefined,
  name: string,
): Model[] {
  return parent ? childrenOf(parent, name).map((element) => readShape(shape, element)) : [];
}

/** Makes the like-named children be what `models` says: changed, added at the end of their kind, removed. */
export function writeList<Model extends Sourced>(
  shape: Shape<Model>,
  parent: XmlElement,
  name: string,
  models: readonly Model[],
  copies: ReadonlyMap<XmlElement, XmlElement>,
): void {
  const present = new Set(childrenOf(parent, name));
  const kept = new Set<XmlElement>();
  for (const model of models) {
    const source = model[SOURCE] && copies.get(model[SOURCE]);
    const reuse = source && !kept.has(source) && present.has(source);
    const element = reuse ? source : newElement(name);
    if (!reuse) insertChild(parent, element, childrenOf(parent, name).at(-1));
    kept.add(element);
    writeShape(shape, element, model);
  }
  for (const element of present) if (!kept.has(element)) removeChild(parent, element);
}

export function childOrNew(parent: XmlElement, name: string): XmlElement {
  const found = childOf(parent, name);
  if (found) return found;
  const made = newElement(name);
  insertChild(parent, made);
  return made;
}
