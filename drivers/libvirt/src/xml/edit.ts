import { escapeText } from './escape.ts';
import { newElement, type XmlElement, type XmlNode } from './tree.ts';

export function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((node): node is XmlElement => node.kind === 'element' && node.name === name);
}

export function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((node): node is XmlElement => node.kind === 'element' && node.name === name);
}

export function elementsOf(parent: XmlElement): XmlElement[] {
  return parent.children.filter((node) => node.kind === 'element');
}

export function textOf(element: XmlElement): string {
  return element.children.map((node) => (node.kind === 'text' ? node.value : '')).join('');
}

export function setText(element: XmlElement, value: string): void {
  element.children = value === '' ? [] : [{ kind: 'text', raw: escapeText(value), value }];
}

export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Sets an attribute in its place, or removes it. */
export function setAttribute(element: XmlElement, name: string, value: string | undefined): void {
  const at = element.attributes.findIndex((attribute) => attribute.name === name);
  if (value === undefined) {
    if (at >= 0) element.attributes.splice(at, 1);
  } else if (at >= 0) element.attributes[at] = { name, value, raw: undefined };
  else element.attributes.push({ name, value, raw: undefined });
}

/** Adds a child on a line of its own after `after`, or as the last one. */
export function insertChild(parent: XmlElement, child: XmlElement, after?: XmlElement): void {
  const siblings = parent.children;
  const lead = indentation(parent);
  if (after) {
    siblings.splice(siblings.indexOf(after) + 1, 0, space(lead), child);
    return;
  }
  const last = siblings.at(-1);
  // The white space before the closing tag stays before the closing tag.
  if (last && isSpace(last)) siblings.splice(-1, 0, space(lead), child);
  else siblings.push(space(lead), child, space(lead.replace(/ {2}$/, '')));
}

export function addChild(parent: XmlElement, name: string): XmlElement {
  const child = newElement(name);
  insertChild(parent, child);
  return child;
}

/** Removes a child with the white space in front of it. */
export function removeChild(parent: XmlElement, child: XmlElement): void {
  const at = parent.children.indexOf(child);
  if (at < 0) return;
  const before = parent.children[at - 1];
  if (before && isSpace(before)) parent.children.splice(at - 1, 2);
  else parent.children.splice(at, 1);
  if (elementsOf(parent).length === 0 && parent.children.every(isSpace)) parent.children = [];
}

/** Whether nothing but the name would be lost with the element. */
export function isBare(element: XmlElement): boolean {
  return element.attributes.length === 0 && element.children.every(isSpace);
}

function isSpace(node: XmlNode): boolean {
  return node.kind === 'text' && node.value.trim() === '';
}

function space(value: string): XmlNode {
  return { kind: 'text', raw: value, value };
}

/** What stands before the parent's other children, or nothing where the document is not indented. */
function indentation(parent: XmlElement): string {
  const first = parent.children[0];
  return first?.kind === 'text' && isSpace(first) && first.value.includes('\n') ? first.value : '';
}
