import type { LabImage } from '../state.ts';
import { kernelCommandLine } from './cmdline.ts';
import { addressOf, diskOf, type VmSpec } from './spec.ts';

/** The namespace of what the product writes into a domain's metadata; the engine's inventory reads it. */
const METADATA_NAMESPACE = 'https://hypervigil.dev/xmlns/vm/1';

export interface DomainOptions {
  readonly uuid: string;
  /** Identity of the vNIC on the switch: external_ids:iface-id. */
  readonly interfaceId: string;
  readonly image: LabImage;
  /** Host path of the socket behind the guest's control channel. */
  readonly channel: string;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/**
 * One processor, with room for another where it is emulated: before 8.1, QEMU leaves memory barriers out for a machine that
 * can never have a second one, though its devices work beside it ("tcg: Do not elide memory barriers for !CF_PARALLEL in system
 * mode", qemu-devel, June 2023). Under load virtio then misses a notice now and then, and the guest sends nothing ever after.
 */
const vcpuOf = (type: LabImage['type']) => (type === 'kvm' ? '<vcpu>1</vcpu>' : "<vcpu current='1'>2</vcpu>");

/** The libvirt domain of a lab VM (https://libvirt.org/formatdomain.html). */
export function domainXml(spec: VmSpec, o: DomainOptions): string {
  const e = escapeXml;
  const tags = Object.entries(spec.tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { kernel, initramfs } = o.image;
  const boot = `<kernel>${e(kernel)}</kernel><initrd>${e(initramfs)}</initrd><cmdline>${e(kernelCommandLine(spec))}</cmdline>`;
  const file = diskOf(spec);
  const disk = file
    ? `<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source file='/var/lib/libvirt/images/${e(file)}'/><target dev='vda' bus='virtio'/></disk>`
    : '';
  // Full guests run QEMU's agent as tenants' guests do; its socket is libvirt's alone.
  const agent =
    spec.guest === 'debian'
      ? "\n    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
      : '';
  return `<domain type='${o.image.type}'>
  <name>${e(spec.name)}</name>
  <uuid>${o.uuid}</uuid>
  <metadata>
    <hv:vm xmlns:hv="${METADATA_NAMESPACE}" tenant="${e(spec.tenant)}" tags="${e(tags)}">
      <hv:nic mac="${spec.mac}" network="${e(spec.network)}" ipv4="${e(addressOf(spec.ipv4))}" ipv6="${e(addressOf(spec.ipv6))}"/>
    </hv:vm>
  </metadata>
  <memory unit='MiB'>${spec.memoryMiB}</memory>
  <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
  ${vcpuOf(o.image.type)}
  <os><type arch='x86_64' machine='pc'>hvm</type>${boot}</os>
  <features><acpi/></features>${o.image.type === 'kvm' ? "\n  <cpu mode='host-model'/>" : ''}
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <controller type='usb' model='none'/>
    ${disk}<interface type='bridge'>
      <mac address='${spec.mac}'/>
      <source bridge='br-int'/>
      <vlan><tag id='${spec.vlan}'/></vlan>
      <virtualport type='openvswitch'><parameters interfaceid='${o.interfaceId}'/></virtualport>
      <model type='virtio'/>
    </interface>
    <serial type='pty'><log file='/var/log/libvirt/qemu/${e(spec.name)}.console.log' append='on'/><target port='0'/></serial>
    <channel type='unix'>
      <source mode='bind' path='${e(o.channel)}'/>
      <target type='virtio' name='org.hypervigil.lab.0'/>
    </channel>${agent}
    <memballoon model='none'/>
  </devices>
</domain>
`;
}
