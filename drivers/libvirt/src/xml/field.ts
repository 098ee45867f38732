import { addChild, attributeOf, childOf, isBare, removeChild, setAttribute, setText, textOf } from './edit.ts';
import { badXml } from './limits.ts';
import type { XmlElement } from './tree.ts';

/** One value of a model and its place in the element. `write` of what `read` gave changes nothing. */
export interface Field<Value> {
  read(element: XmlElement): Value | undefined;
  write(element: XmlElement, value: Value | undefined): void;
}

/**
 * The field at a path such as `source/@bridge` (an attribute), `os/type` (an element's text) or `@type` (an attribute
 * of the element itself). Elements on the way are made when needed and removed when nothing is left in them.
 */
export function text(path: string): Field<string> {
  const { steps, attribute } = parsePath(path);
  return {
    read(element) {
      const place = follow(element, steps);
      if (!place) return undefined;
      return attribute === undefined ? textOf(place).trim() : attributeOf(place, attribute);
    },
    write(element, value) {
      const place = value === undefined ? follow(element, steps) : make(element, steps);
      if (!place) return;
      if (attribute !== undefined) setAttribute(place, attribute, value);
      else setText(place, value ?? '');
      if (value === undefined) prune(element, steps);
    },
  };
}

/** A choice; a word that is not among the choices reads as it stands, since newer hosts know more words. */
export function word<Word extends string>(path: string): Field<Word> {
  return text(path) as Field<Word>;
}

export function number(path: string): Field<number> {
  return mapped(
    path,
    (value) => (/^-?\d{1,15}$/.test(value) ? Number(value) : undefined),
    (value) => String(integer(value)),
  );
}

/** `yes`/`no` or `on`/`off`. */
export function flag(path: string, [on, off]: readonly [string, string] = ['yes', 'no']): Field<boolean> {
  return mapped(
    path,
    (value) => (value === on ? true : value === off ? false : undefined),
    (value) => (value ? on : off),
  );
}

/** A list inside one attribute, separated by commas or white space. */
export function list(path: string): Field<string[]> {
  const field = text(path);
  return {
    read: (element) => {
      const items = field
        .read(element)
        ?.split(/[\s,]+/)
        .filter((item) => item !== '');
      return items && items.length > 0 ? items : undefined;
    },
    write: (element, value) => field.write(element, value && value.length > 0 ? value.join(',') : undefined),
  };
}

/** True while an empty element stands there. */
export function present(path: string): Field<boolean> {
  const { steps } = parsePath(path);
  return {
    read: (element) => (follow(element, steps) ? true : undefined),
    write(element, value) {
      if (value) make(element, steps);
      else removeAt(element, steps);
    },
  };
}

/** An element whose every attribute is a switch, `on` or `off`. */
export function switches(path: string): Field<Record<string, boolean>> {
  const { steps } = parsePath(path);
  return {
    read(element) {
      const attributes = follow(element, steps)?.attributes;
      return attributes && Object.fromEntries(attributes.map(({ name, value }) => [name, value === 'on']));
    },
    write(element, value) {
      if (!value) return removeAt(element, steps);
      const place = make(element, steps);
      place.attributes = place.attributes.filter(({ name }) => Object.hasOwn(value, name));
      for (const [name, on] of Object.entries(value)) setAttribute(place, name, on ? 'on' : 'off');
    },
  };
}

const UNITS: Record<string, number> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  TB: 1e12,
  T: 1024 ** 4,
  TiB: 1024 ** 4,
};

/** Memory in KiB, whatever unit the document uses (https://libvirt.org/formatdomain.html#memory-allocation). */
export function kibibytes(path: string): Field<number> {
  const size = number(path);
  const unit = text(`${path}/@unit`);
  return {
    read(element) {
      const value = size.read(element);
      const factor = UNITS[unit.read(element) ?? 'KiB'];
      return value === undefined || factor === undefined ? undefined : Math.ceil((value * factor) / 1024);
    },
    write(element, value) {
      unit.write(element, value === undefined ? undefined : 'KiB');
      size.write(element, value);
    },
  };
}

function mapped<Value>(
  path: string,
  decode: (value: string) => Value | undefined,
  encode: (value: Value) => string,
): Field<Value> {
  const field = text(path);
  return {
    read: (element) => {
      const value = field.read(element);
      return value === undefined ? undefined : decode(value);
    },
    write: (element, value) => field.write(element, value === undefined ? undefined : encode(value)),
  };
}

function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw badXml(`${value} is not a whole number`);
  return value;
}

function parsePath(path: string): { steps: string[]; attribute: string | undefined } {
  const steps = path.split('/');
  const attribute = steps.at(-1)?.startsWith('@') ? steps.pop()?.slice(1) : undefined;
  return { steps, attribute };
}

function follow(element: XmlElement, steps: string[]): XmlElement | undefined {
  return steps.reduce<XmlElement | undefined>((place, step) => place && childOf(place, step), element);
}

function make(element: XmlElement, steps: string[]): XmlElement {
  return steps.reduce((place, step) => childOf(place, step) ?? addChild(place, step), element);
}

function prune(element: XmlElement, steps: string[]): void {
  const place = follow(element, steps);
  if (steps.length > 0 && place && isBare(place)) removeAt(element, steps);
}

function removeAt(element: XmlElement, steps: string[]): void {
  const parent = follow(element, steps.slice(0, -1));
  const place = follow(element, steps);
  if (!parent || !place) return;
  removeChild(parent, place);
  prune(element, steps.slice(0, -1));
}
