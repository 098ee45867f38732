import { createHash } from 'node:crypto';
import path from 'node:path';
import { GATEWAY_PORT, GATEWAY_ROLES, type GatewayRole } from '@hypervigil/contract';
import type { GatewayImage } from '@hypervigil/gateway-link';
import type { IntentGateway } from '@hypervigil/model';
import { type Room, sizeXml } from './size.ts';

/** The namespace of what a gateway's definition says of its own making. */
export const GATEWAY_NAMESPACE = 'https://hypervigil.dev/xmlns/gateway/1';

export interface GatewayDomain {
  readonly gateway: IntentGateway;
  readonly image: GatewayImage;
  readonly bridge: string;
  /** The socket of its channel. */
  readonly channel: string;
  readonly type: 'kvm' | 'qemu';
  readonly room: Room;
}

/** The socket of a gateway's channel. */
export const gatewayChannel = (runDir: string, { num }: Pick<IntentGateway, 'num'>): string =>
  path.join(runDir, `hv-gateway-${num}.sock`);

/** The identity of a gateway's port on the switch (`external_ids:iface-id`). */
export const gatewayInterfaceId = (gatewayId: string, role: GatewayRole): string => uuidOf(`${gatewayId}/${role}`);

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  // RFC 9562, version 8: made as we like.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** No address of a gateway is ever spoken to; switches and libvirt want one. */
const macOf = (gatewayId: string, role: GatewayRole): string =>
  `52:54:00:${uuidOf(`${gatewayId}/${role}/mac`).slice(0, 6).match(/../g)!.join(':')}`;

/**
 * A gateway VM: kernel and initramfs of a verified image, no disk, no console that anybody could type at, its vNICs in the
 * order of their PCI addresses. It is gone when it stops, and whoever made it makes it anew. Randomness comes from the host: a
 * processor without an instruction for it would work for seconds until it has enough.
 */
export function gatewayDomainXml({ gateway, image, bridge, channel, type, room }: GatewayDomain): string {
  const { id, num, epoch } = gateway;
  const { head, numa, device } = sizeXml(gateway, room);
  const interfaces = GATEWAY_ROLES.map(
    (role, n) => `    <interface type='bridge'>
      <mac address='${macOf(id, role)}'/>
      <source bridge='${escaped(bridge)}'/>
      <virtualport type='openvswitch'><parameters interfaceid='${gatewayInterfaceId(id, role)}'/></virtualport>
      <model type='virtio'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x0${4 + n}' function='0x0'/>
    </interface>`,
  ).join('\n');
  return `<domain type='${type}'>
  <name>hv-gateway-${num}</name>
  <uuid>${id}</uuid>
  <metadata>
    <hv:gateway xmlns:hv='${GATEWAY_NAMESPACE}' measurement='${image.manifest.measurement}' epoch='${epoch}'/>
  </metadata>
  ${head}
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>${escaped(image.kernel)}</kernel>
    <initrd>${escaped(image.initramfs)}</initrd>
    <cmdline>${escaped(image.commandLine)}</cmdline>
  </os>
  <features><acpi/></features>
  ${cpuXml(type, numa)}
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <controller type='usb' model='none'/>
${interfaces}
    <serial type='null'><target port='0'/></serial>
    <channel type='unix'>
      <source mode='bind' path='${escaped(channel)}'/>
      <target type='virtio' name='${GATEWAY_PORT}'/>
    </channel>
    <memballoon model='none'/>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    ${device}
  </devices>
</domain>
`;
}

/**
 * The processor of its host. An emulated one would lack most: what of the distribution needs x86-64-v2 (Suricata's libraries
 * do) would end at once. QEMU emulates all of this one, the first that has that level.
 */
const EMULATED_CPU = 'Nehalem';

const cpuXml = (type: GatewayDomain['type'], numa: string): string =>
  type === 'kvm'
    ? `<cpu mode='host-model'>${numa}</cpu>`
    : `<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>${EMULATED_CPU}</model>${numa}</cpu>`;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** What {@link gatewayDomainXml} wrote into the definition, as libvirt hands it back; undefined when it is not ours. */
export function madeFrom(metadata: string): { readonly measurement: string; readonly epoch: number } | undefined {
  const measurement = /\bmeasurement=['"]([0-9a-f]{64})['"]/.exec(metadata)?.[1];
  const epoch = /\bepoch=['"](\d{1,15})['"]/.exec(metadata)?.[1];
  return measurement === undefined || epoch === undefined ? undefined : { measurement, epoch: Number(epoch) };
}
