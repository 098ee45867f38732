/**
 * An XML document that writes back exactly as it was read: every piece keeps its source text until it is changed.
 * No namespaces processing beyond `namespaceOf`, no DTD, no entities but the predefined ones.
 */
export interface XmlAttribute {
  name: string;
  value: string;
  /** Source text with the white space in front of it; gone once the value was changed. */
  raw: string | undefined;
}

export interface XmlElement {
  kind: 'element';
  name: string;
  attributes: XmlAttribute[];
  /** White space before `>` or `/>`. */
  tail: string;
  /** Written as `<name/>` while it has no children. */
  selfClosing: boolean;
  children: XmlNode[];
  /** White space inside the closing tag. */
  closeTail: string;
}

interface XmlText {
  kind: 'text';
  /** As it stands in the document: escaped, or a CDATA section. */
  raw: string;
  value: string;
}

/** A comment, a processing instruction or the XML declaration: kept, never read. */
interface XmlVerbatim {
  kind: 'verbatim';
  raw: string;
}

export type XmlNode = XmlElement | XmlText | XmlVerbatim;

export interface XmlDocument {
  prolog: XmlNode[];
  root: XmlElement;
  epilog: XmlNode[];
}

export function newElement(name: string): XmlElement {
  return { kind: 'element', name, attributes: [], tail: '', selfClosing: true, children: [], closeTail: '' };
}

/** A copy, and which element of it stands for which of the original. */
export function cloneDocument(document: XmlDocument): { document: XmlDocument; copies: Map<XmlElement, XmlElement> } {
  const copies = new Map<XmlElement, XmlElement>();
  const cloneElement = (element: XmlElement): XmlElement => {
    const copy = {
      ...element,
      attributes: element.attributes.map((attribute) => ({ ...attribute })),
      children: element.children.map((node) => (node.kind === 'element' ? cloneElement(node) : { ...node })),
    };
    copies.set(element, copy);
    return copy;
  };
  return { document: { ...document, root: cloneElement(document.root) }, copies };
}
