import { escapeAttribute } from './escape.ts';
import type { XmlDocument, XmlElement, XmlNode } from './tree.ts';

/** The document as text: what was not changed stands as it was read. */
export function writeXml(document: XmlDocument): string {
  return [...document.prolog, document.root, ...document.epilog].map(writeNode).join('');
}

export function writeElement(element: XmlElement): string {
  const { name, attributes, tail, children, closeTail } = element;
  const open = `<${name}${attributes.map((a) => a.raw ?? ` ${a.name}='${escapeAttribute(a.value)}'`).join('')}${tail}`;
  if (children.length === 0 && element.selfClosing) return `${open}/>`;
  return `${open}>${children.map(writeNode).join('')}</${name}${closeTail}>`;
}

function writeNode(node: XmlNode): string {
  return node.kind === 'element' ? writeElement(node) : node.raw;
}
