import {
  type ChannelModel,
  channelShape,
  type DiskModel,
  diskShape,
  type GraphicsModel,
  graphicsShape,
  type MemoryModel,
  memoryShape,
  type SecurityLabelModel,
  securityLabelShape,
} from './devices.ts';
import { childOf } from './edit.ts';
import { kibibytes, number, present, text, word } from './field.ts';
import { type InterfaceModel, interfaceShape } from './interface.ts';
import { badXml } from './limits.ts';
import { readVmMetadata, type VmMetadata, writeVmMetadata } from './metadata.ts';
import { parseXml } from './parse.ts';
import { childOrNew, readList, readShape, type Shape, SOURCE, type Sourced, writeList, writeShape } from './shape.ts';
import { cloneDocument, newElement, type XmlDocument, type XmlElement } from './tree.ts';
import { writeElement, writeXml } from './write.ts';

/** The document that the model was read from. Spreading keeps it, JSON leaves it out. */
const DOCUMENT: unique symbol = Symbol('source document');

interface DomainValues extends Sourced {
  /** `kvm`, `qemu`, `test`, … */
  type: string;
  /** Of the running instance. */
  id?: number;
  name: string;
  uuid?: string;
  title?: string;
  description?: string;
  memoryKiB: number;
  currentMemoryKiB?: number;
  vcpus?: number;
  currentVcpus?: number;
  osType?: string;
  arch?: string;
  machine?: string;
  kernel?: string;
  initrd?: string;
  kernelArguments?: string;
  loader?: string;
  emulator?: string;
  /** `memfd`, `file` or `anonymous`. */
  memorySource?: string;
  memoryAccess?: 'shared' | 'private';
  /** Whether the host may not merge the guest's pages with others'. */
  noSharePages?: boolean;
  memoryLocked?: boolean;
  hugePages?: boolean;
  onPoweroff?: string;
  onReboot?: string;
  onCrash?: string;
}

/** What the product uses of a domain. Whatever else its XML says is kept and written back. */
export interface DomainModel extends DomainValues {
  /** The product's own metadata. */
  vm?: VmMetadata;
  interfaces: InterfaceModel[];
  disks: DiskModel[];
  graphics: GraphicsModel[];
  channels: ChannelModel[];
  consoles: ChannelModel[];
  serials: ChannelModel[];
  memories: MemoryModel[];
  securityLabels: SecurityLabelModel[];
  readonly [DOCUMENT]?: XmlDocument;
}

const domainShape: Shape<DomainValues> = {
  type: text('@type'),
  id: number('@id'),
  name: text('name'),
  uuid: text('uuid'),
  title: text('title'),
  description: text('description'),
  memoryKiB: kibibytes('memory'),
  currentMemoryKiB: kibibytes('currentMemory'),
  memorySource: text('memoryBacking/source/@type'),
  memoryAccess: word('memoryBacking/access/@mode'),
  noSharePages: present('memoryBacking/nosharepages'),
  memoryLocked: present('memoryBacking/locked'),
  hugePages: present('memoryBacking/hugepages'),
  vcpus: number('vcpu'),
  currentVcpus: number('vcpu/@current'),
  osType: text('os/type'),
  arch: text('os/type/@arch'),
  machine: text('os/type/@machine'),
  loader: text('os/loader'),
  kernel: text('os/kernel'),
  initrd: text('os/initrd'),
  kernelArguments: text('os/cmdline'),
  onPoweroff: text('on_poweroff'),
  onReboot: text('on_reboot'),
  onCrash: text('on_crash'),
  emulator: text('devices/emulator'),
};

/** Reads domain XML. Throws `bad-xml` where it is malformed, hostile, or not a domain. */
export function parseDomainXml(xml: string): DomainModel {
  const document = parseXml(xml);
  const { root } = document;
  if (root.name !== 'domain') throw badXml(`<${root.name}> is not a domain`);
  const values = readShape(domainShape, root);
  if (values.name === undefined) throw badXml('the domain has no name');
  const devices = childOf(root, 'devices');
  const vm = readVmMetadata(root);
  return {
    ...values,
    [DOCUMENT]: document,
    ...(vm && { vm }),
    interfaces: readList(interfaceShape, devices, 'interface'),
    disks: readList(diskShape, devices, 'disk'),
    graphics: readList(graphicsShape, devices, 'graphics'),
    channels: readList(channelShape, devices, 'channel'),
    consoles: readList(channelShape, devices, 'console'),
    serials: readList(channelShape, devices, 'serial'),
    memories: readList(memoryShape, devices, 'memory'),
    securityLabels: readList(securityLabelShape, root, 'seclabel'),
  };
}

/**
 * Writes domain XML: the document that the model was read from with the model's changes, or a new one. An unchanged
 * model gives the very text it was read from.
 */
export function writeDomainXml(model: DomainModel): string {
  const { document, copies } = cloneDocument(model[DOCUMENT] ?? emptyDocument());
  const { root } = document;
  writeShape(domainShape, root, model);
  writeVmMetadata(root, model.vm);
  writeDevices(root, model, copies);
  writeList(securityLabelShape, root, 'seclabel', model.securityLabels, copies);
  return writeXml(document);
}

/** The XML of one vNIC alone, as `attachDevice`, `updateDevice` and `detachDevice` take it. */
export function writeInterfaceXml(model: InterfaceModel): string {
  const { document } = cloneDocument({ prolog: [], root: model[SOURCE] ?? newElement('interface'), epilog: [] });
  writeShape(interfaceShape, document.root, model);
  return writeElement(document.root);
}

function writeDevices(root: XmlElement, model: DomainModel, copies: Map<XmlElement, XmlElement>): void {
  const { interfaces, disks, graphics, channels, consoles, serials, memories } = model;
  const any = [interfaces, disks, graphics, channels, consoles, serials, memories].some((models) => models.length > 0);
  const devices = any ? childOrNew(root, 'devices') : childOf(root, 'devices');
  if (!devices) return;
  writeList(diskShape, devices, 'disk', disks, copies);
  writeList(interfaceShape, devices, 'interface', interfaces, copies);
  writeList(channelShape, devices, 'serial', serials, copies);
  writeList(channelShape, devices, 'console', consoles, copies);
  writeList(channelShape, devices, 'channel', channels, copies);
  writeList(graphicsShape, devices, 'graphics', graphics, copies);
  writeList(memoryShape, devices, 'memory', memories, copies);
}

function emptyDocument(): XmlDocument {
  const root = newElement('domain');
  root.children = [{ kind: 'text', raw: '\n', value: '\n' }];
  return { prolog: [], root, epilog: [] };
}
