import { addChild, attributeOf, childOf, elementsOf, removeChild, setAttribute } from './edit.ts';
import { list, text } from './field.ts';
import { readShape, type Shape, type Sourced, writeShape } from './shape.ts';
import type { XmlElement } from './tree.ts';

/** The namespace of the product's own element inside a domain's `<metadata>`. */
export const VM_NAMESPACE = 'https://hypervigil.dev/xmlns/vm/1';
const PREFIX = 'hv';

interface VmValues extends Sourced {
  tenant?: string;
  tags?: string[];
}

/**
 * What the product keeps in a domain: `<hv:vm xmlns:hv="https://hypervigil.dev/xmlns/vm/1" tenant="…" tags="a,b">` with
 * a `<hv:nic mac="…" network="…" ipv4="…" ipv6="…"/>` per vNIC.
 */
export interface VmMetadata extends VmValues {
  /** Read only: written back as they stood. */
  readonly nics?: readonly NicMetadata[];
}

/** Which network and addresses a vNIC claims. */
export interface NicMetadata extends Sourced {
  mac?: string;
  network?: string;
  ipv4?: string[];
  ipv6?: string[];
}

const vmShape: Shape<VmValues> = { tenant: text('@tenant'), tags: list('@tags') };
const nicShape: Shape<NicMetadata> = {
  mac: text('@mac'),
  network: text('@network'),
  ipv4: list('@ipv4'),
  ipv6: list('@ipv6'),
};

/** An element of somebody's namespace: OpenStack's, libosinfo's. */
interface MetadataElement {
  namespace: string;
  /** Without its prefix. */
  name: string;
  element: XmlElement;
}

function metadataElements(domain: XmlElement): MetadataElement[] {
  const metadata = childOf(domain, 'metadata');
  if (!metadata) return [];
  return elementsOf(metadata).map((element) => {
    const [prefix, name] = splitName(element.name);
    return { namespace: namespaceOf(prefix, [element, metadata, domain]), name, element };
  });
}

export function readVmMetadata(domain: XmlElement): VmMetadata | undefined {
  const found = findVm(domain);
  if (!found) return undefined;
  const nics = elementsOf(found).filter(({ name }) => splitName(name)[1] === 'nic');
  return {
    ...readShape(vmShape, found),
    ...(nics.length > 0 && { nics: nics.map((nic) => readShape(nicShape, nic)) }),
  };
}

export function writeVmMetadata(domain: XmlElement, vm: VmMetadata | undefined): void {
  const found = findVm(domain);
  if (vm) writeShape(vmShape, found ?? addVm(domain), vm);
  else if (found) removeChild(childOf(domain, 'metadata')!, found);
}

function findVm(domain: XmlElement): XmlElement | undefined {
  return metadataElements(domain).find(({ namespace, name }) => namespace === VM_NAMESPACE && name === 'vm')?.element;
}

function addVm(domain: XmlElement): XmlElement {
  const vm = addChild(childOf(domain, 'metadata') ?? addChild(domain, 'metadata'), `${PREFIX}:vm`);
  setAttribute(vm, `xmlns:${PREFIX}`, VM_NAMESPACE);
  return vm;
}

function splitName(qualified: string): [prefix: string, name: string] {
  const colon = qualified.indexOf(':');
  return colon < 0 ? ['', qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
}

/** The nearest declaration counts (Namespaces in XML, 6.1). */
function namespaceOf(prefix: string, scopes: XmlElement[]): string {
  const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  for (const scope of scopes) {
    const uri = attributeOf(scope, name);
    if (uri !== undefined) return uri;
  }
  return '';
}
