import { AFFECT, type DomainRef, type Libvirt, parseDomainXml } from '@hypervigil/libvirt';
import { GATEWAY_BOOT_MIB, GATEWAY_MEMORY_STEP_MIB, type IntentGateway } from '@hypervigil/model';

/** What a gateway's domain has, and what it can have while it runs. */
export interface DomainSize {
  readonly vcpus: number;
  readonly maxVcpus: number;
  /** It has this from the beginning; what comes and goes beyond is at most `moreMiB`. */
  readonly bootMiB: number;
  readonly moreMiB: number;
  /** Of that, what the guest is asked to take, and has taken. */
  readonly requestedMiB: number;
  readonly takenMiB: number;
}

type Wanted = Pick<IntentGateway, 'vcpus' | 'memoryMiB'>;

/** What can be changed of a gateway while it runs, as its host can do it. */
export interface Room {
  readonly maxVcpus: number;
  /** Beyond what it boots with; 0 where the host cannot add any, and all of it is there from the beginning. */
  readonly moreMiB: number;
}

/** libvirt knows `virtio-mem` since 7.9. */
const LIBVIRT_WITH_VIRTIO_MEM = 7_009_000;
const MAX_VCPUS = 32;
const MIB = 1024;
const MAX_MIB = 65_536;
/** It may grow to so many times what it starts with; more takes another one. */
const GROWTH = 4;

/** @param cpus of the host: more than it has bring nothing */
export function roomFor({ vcpus, memoryMiB }: Wanted, host: { cpus: number; libVersion: number }): Room {
  const moreMiB = Math.min(memoryMiB * GROWTH, MAX_MIB) - GATEWAY_BOOT_MIB;
  return {
    maxVcpus: Math.max(vcpus, Math.min(host.cpus, MAX_VCPUS)),
    moreMiB: host.libVersion < LIBVIRT_WITH_VIRTIO_MEM ? 0 : inSteps(moreMiB),
  };
}

const inSteps = (mib: number): number => Math.floor(mib / GATEWAY_MEMORY_STEP_MIB) * GATEWAY_MEMORY_STEP_MIB;

/** A place behind the vNICs, and a name: libvirt 9.0 finds the device that is to change by the one, and QEMU's by the other. */
const MEMORY_DEVICE = `<alias name='ua-more'/><address type='pci' domain='0x0000' bus='0x00' slot='0x07' function='0x0'/>`;

/** The device through which memory comes and goes. */
const memoryXml = (moreMiB: number, requestedMiB: number): string =>
  `<memory model='virtio-mem'><target><size unit='MiB'>${moreMiB}</size><node>0</node>` +
  `<block unit='MiB'>2</block><requested unit='MiB'>${requestedMiB}</requested></target>${MEMORY_DEVICE}</memory>`;

/** The part of a domain's definition that says how large it is. */
export function sizeXml({ vcpus, memoryMiB }: Wanted, { maxVcpus, moreMiB }: Room) {
  const bootMiB = moreMiB === 0 ? memoryMiB : GATEWAY_BOOT_MIB;
  const each = Array.from(
    { length: maxVcpus },
    (_, n) => `<vcpu id='${n}' enabled='${n < vcpus ? 'yes' : 'no'}' hotpluggable='${n === 0 ? 'no' : 'yes'}'/>`,
  );
  return {
    head: `<maxMemory slots='1' unit='MiB'>${bootMiB + moreMiB}</maxMemory>
  <memory unit='MiB'>${bootMiB}</memory>
  <vcpu current='${vcpus}'>${maxVcpus}</vcpu>
  <vcpus>${each.join('')}</vcpus>`,
    numa: `<numa><cell id='0' cpus='0-${maxVcpus - 1}' memory='${bootMiB}' unit='MiB'/></numa>`,
    device: moreMiB === 0 ? '' : memoryXml(moreMiB, inSteps(memoryMiB - bootMiB)),
  };
}

/** How large a running domain is. Throws `bad-xml`. */
export function readSize(xml: string): DomainSize {
  const { vcpus: maxVcpus = 1, currentVcpus = maxVcpus, memoryKiB, memories } = parseDomainXml(xml);
  const more = memories.find(({ model }) => model === 'virtio-mem');
  const { sizeKiB = 0, requestedKiB = 0, currentKiB = 0 } = more ?? {};
  return {
    ...{ vcpus: currentVcpus, maxVcpus },
    // libvirt counts the whole device as memory of the domain.
    ...{ bootMiB: (memoryKiB - sizeKiB) / MIB, moreMiB: sizeKiB / MIB },
    ...{ requestedMiB: requestedKiB / MIB, takenMiB: currentKiB / MIB },
  };
}

/**
 * Whether a gateway has what it is to have.
 * @param used how many processors it says it uses: of one that is emulated QEMU 7.2 does not tell libvirt that it is gone
 */
export const isSized = (size: DomainSize, { vcpus, memoryMiB }: Wanted, used = size.vcpus): boolean =>
  used === vcpus && Math.abs(size.bootMiB + size.takenMiB - memoryMiB) < GATEWAY_MEMORY_STEP_MIB;

/** Whether it cannot have that while it runs. */
export const isOutgrown = ({ maxVcpus, bootMiB, moreMiB }: DomainSize, { vcpus, memoryMiB }: Wanted): boolean =>
  vcpus > maxVcpus || memoryMiB < bootMiB || memoryMiB > bootMiB + moreMiB;

/**
 * Brings a running domain to the wanted size as far as that goes, and reads what it has. The guest takes memory, and lets it
 * go, in its own time. `refused` says why the processors are not as they should be.
 */
export async function resize(
  lib: Pick<Libvirt, 'domainXml' | 'setVcpus' | 'updateDevice'>,
  domain: DomainRef,
  wanted: Wanted,
): Promise<{ readonly size: DomainSize; readonly refused?: unknown }> {
  const size = readSize(await lib.domainXml(domain));
  const requestedMiB = Math.min(size.moreMiB, inSteps(Math.max(0, wanted.memoryMiB - size.bootMiB)));
  if (requestedMiB !== size.requestedMiB)
    await lib.updateDevice(domain, memoryXml(size.moreMiB, requestedMiB), AFFECT.live);
  const vcpus = Math.min(wanted.vcpus, size.maxVcpus);
  try {
    if (vcpus !== size.vcpus) await lib.setVcpus(domain, vcpus, AFFECT.live);
    return { size: { ...size, requestedMiB, vcpus } };
  } catch (refused) {
    return { size: { ...size, requestedMiB }, refused };
  }
}
