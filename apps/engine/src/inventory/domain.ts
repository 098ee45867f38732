import type { ObservedVm } from '@hypervigil/contract';
import { type DomainState, parseDomainXml } from '@hypervigil/libvirt';
import { Id, Mac } from '@hypervigil/model';
import { ipv4Claims, ipv6Claims, tagClaims } from './claims.ts';
import type { NicFacts, VmFacts } from './facts.ts';
import { vnicId } from './vnic-id.ts';

/** virDomainPausedReason (libvirt-domain.h): the VM is on its way from or to another host. */
const PAUSED_MIGRATION = 2;
const MAX_VNICS = 64;

/**
 * What the engine keeps of a domain's definition and state. Claims that are not of the expected form are left out:
 * they are a proposal only. Throws libvirt's `bad-xml`.
 * @param ranHere whether the VM was seen running on this host: then a migration's pause means that it leaves
 */
export function readDomain(
  xml: string,
  { state, reason }: { state: DomainState; reason: number },
  ranHere: boolean,
): VmFacts {
  const domain = parseDomainXml(xml);
  const id = Id.parse(domain.uuid?.toLowerCase());
  const nicClaims = new Map(domain.vm?.nics?.map((nic) => [nic.mac?.toLowerCase(), nic]));
  const nics = domain.interfaces.slice(0, MAX_VNICS).flatMap((nic): NicFacts[] => {
    const mac = Mac.safeParse(nic.mac);
    if (!mac.success) return [];
    const interfaceId = Id.safeParse(nic.interfaceId?.toLowerCase());
    const claim = nicClaims.get(mac.data);
    return [
      {
        id: vnicId(id, mac.data, interfaceId.data),
        mac: mac.data,
        device: nic.target?.slice(0, 64) ?? null,
        bridge: nic.bridge?.slice(0, 64) ?? null,
        claims: {
          network: claim?.network?.slice(0, 63) ?? null,
          ipv4: ipv4Claims(claim?.ipv4),
          ipv6: ipv6Claims(claim?.ipv6),
        },
      },
    ];
  });
  const handingOver = state === 'paused' && reason === PAUSED_MIGRATION;
  return {
    id,
    name: domain.name.slice(0, 255),
    state,
    vcpus: domain.currentVcpus ?? domain.vcpus ?? 0,
    memoryMiB: Math.round((domain.currentMemoryKiB ?? domain.memoryKiB) / 1024),
    hypervisor: hypervisorOf(domain.type),
    incoming: handingOver && !ranHere,
    handingOver,
    claims: { tenant: domain.vm?.tenant?.slice(0, 63) ?? null, tags: tagClaims(domain.vm?.tags) },
    nics,
  };
}

function hypervisorOf(type: string): ObservedVm['hypervisor'] {
  return type === 'kvm' || type === 'qemu' ? type : 'other';
}
