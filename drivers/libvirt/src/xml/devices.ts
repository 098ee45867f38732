import { flag, kibibytes, number, present, text, word } from './field.ts';
import type { Shape, Sourced } from './shape.ts';

/** A disk (https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms). */
export interface DiskModel extends Sourced {
  type: 'file' | 'block' | 'network' | 'volume' | (string & {});
  device?: 'disk' | 'cdrom' | 'floppy' | 'lun';
  file?: string;
  /** The block device, for `type='block'`. */
  sourceDevice?: string;
  pool?: string;
  volume?: string;
  /** For `type='network'`. */
  protocol?: string;
  sourceName?: string;
  target: string;
  bus?: string;
  driver?: string;
  format?: string;
  cache?: string;
  readOnly?: boolean;
  shareable?: boolean;
  serial?: string;
  /** The format of the volume's encryption, such as `luks`. */
  encryption?: string;
  alias?: string;
}

export const diskShape: Shape<DiskModel> = {
  type: word('@type'),
  device: word('@device'),
  driver: text('driver/@name'),
  format: text('driver/@type'),
  cache: text('driver/@cache'),
  file: text('source/@file'),
  sourceDevice: text('source/@dev'),
  pool: text('source/@pool'),
  volume: text('source/@volume'),
  protocol: text('source/@protocol'),
  sourceName: text('source/@name'),
  encryption: text('source/encryption/@format'),
  target: text('target/@dev'),
  bus: text('target/@bus'),
  readOnly: present('readonly'),
  shareable: present('shareable'),
  serial: text('serial'),
  alias: text('alias/@name'),
};

/** A graphical console. */
export interface GraphicsModel extends Sourced {
  type: 'vnc' | 'spice' | 'rdp' | 'sdl' | 'desktop' | 'egl-headless' | 'dbus' | (string & {});
  /** -1 while none was chosen. */
  port?: number;
  tlsPort?: number;
  autoPort?: boolean;
  listen?: string;
  /** `address`, `network`, `socket`, `none`. */
  listenType?: string;
  listenAddress?: string;
  socket?: string;
  /** Only in XML that was read with `secure`. */
  password?: string;
}

export const graphicsShape: Shape<GraphicsModel> = {
  type: word('@type'),
  port: number('@port'),
  tlsPort: number('@tlsPort'),
  autoPort: flag('@autoport'),
  listen: text('@listen'),
  password: text('@passwd'),
  listenType: text('listen/@type'),
  listenAddress: text('listen/@address'),
  socket: text('listen/@socket'),
};

/** A channel, console or serial port: a byte stream between host and guest. */
export interface ChannelModel extends Sourced {
  type: 'unix' | 'pty' | 'spicevmc' | 'file' | 'tcp' | (string & {});
  sourceMode?: string;
  /** The socket, terminal or file on the host. */
  sourcePath?: string;
  targetType?: string;
  /** The port's name in the guest, such as `org.qemu.guest_agent.0`. */
  targetName?: string;
  targetPort?: number;
  /** Whether somebody in the guest has the port open. */
  state?: 'connected' | 'disconnected';
  alias?: string;
}

export const channelShape: Shape<ChannelModel> = {
  type: word('@type'),
  sourceMode: text('source/@mode'),
  sourcePath: text('source/@path'),
  targetType: text('target/@type'),
  targetName: text('target/@name'),
  targetPort: number('target/@port'),
  state: word('target/@state'),
  alias: text('alias/@name'),
};

/** A piece of memory beside that which the domain boots with (https://libvirt.org/formatdomain.html#memory-devices). */
export interface MemoryModel extends Sourced {
  model: 'dimm' | 'virtio-mem' | 'virtio-pmem' | 'nvdimm' | (string & {});
  sizeKiB: number;
  /** Of `virtio-mem`: how much of it the guest is to have, and has. */
  requestedKiB?: number;
  currentKiB?: number;
  alias?: string;
}

export const memoryShape: Shape<MemoryModel> = {
  model: word('@model'),
  sizeKiB: kibibytes('target/size'),
  requestedKiB: kibibytes('target/requested'),
  currentKiB: kibibytes('target/current'),
  alias: text('alias/@name'),
};

/** The confinement of the domain's process by one security model. */
export interface SecurityLabelModel extends Sourced {
  type?: 'dynamic' | 'static' | 'none';
  model?: string;
  relabel?: boolean;
  label?: string;
  imageLabel?: string;
  baseLabel?: string;
}

export const securityLabelShape: Shape<SecurityLabelModel> = {
  type: word('@type'),
  model: text('@model'),
  relabel: flag('@relabel'),
  label: text('label'),
  imageLabel: text('imagelabel'),
  baseLabel: text('baselabel'),
};
