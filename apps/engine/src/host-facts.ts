import os from 'node:os';
import type { Libvirt } from '@hypervigil/libvirt';
import type { HostFacts } from '@hypervigil/model';

const ENGINE_VERSION = '0.1.0';

/** What is known of the machine without asking a daemon. */
export function machineFacts(): Pick<HostFacts, 'hostname' | 'arch' | 'cpus' | 'memoryMiB' | 'kernel' | 'engine'> {
  return {
    hostname: os.hostname(),
    arch: os.machine(),
    cpus: os.cpus().length,
    memoryMiB: Math.round(os.totalmem() / 1024 / 1024),
    kernel: os.release(),
    engine: ENGINE_VERSION,
  };
}

export type DaemonFacts = Pick<HostFacts, 'libvirt' | 'hypervisor'>;

export async function daemonFacts(libvirt: Libvirt): Promise<DaemonFacts> {
  const [version, type, hypervisor] = await Promise.all([
    libvirt.libVersion(),
    libvirt.hypervisorType(),
    libvirt.hypervisorVersion(),
  ]);
  return { libvirt: versionText(version), hypervisor: `${type} ${versionText(hypervisor)}`.slice(0, 64) };
}

/** libvirt packs a version as major * 1,000,000 + minor * 1,000 + release. */
function versionText(packed: number): string {
  return [Math.floor(packed / 1_000_000), Math.floor(packed / 1000) % 1000, packed % 1000].join('.');
}
