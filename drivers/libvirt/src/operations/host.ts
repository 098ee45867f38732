import * as remote from '../gen/remote.ts';
import type { Rpc } from './rpc.ts';

export interface NodeInfo {
  /** The CPU architecture, such as `x86_64`. */
  model: string;
  memoryKiB: number;
  cpus: number;
  mhz: number;
  numaNodes: number;
  socketsPerNode: number;
  coresPerSocket: number;
  threadsPerCore: number;
}

/** The host and the connection to it. */
export function hostOperations({ call, isSecure }: Rpc) {
  return {
    async hostname(): Promise<string> {
      return (await call(remote.connectGetHostname, undefined)).hostname;
    },
    /** libvirt's version as major * 1,000,000 + minor * 1,000 + release. */
    async libVersion(): Promise<number> {
      return Number((await call(remote.connectGetLibVersion, undefined)).libVer);
    },
    /** The hypervisor's version, composed likewise. */
    async hypervisorVersion(): Promise<number> {
      return Number((await call(remote.connectGetVersion, undefined)).hvVer);
    },
    /** The driver's name, such as `QEMU` or `Test`. */
    async hypervisorType(): Promise<string> {
      return (await call(remote.connectGetType, undefined)).type;
    },
    /** The URI that the daemon itself opened. */
    async daemonUri(): Promise<string> {
      return (await call(remote.connectGetUri, undefined)).uri;
    },
    /** Whether nobody can listen: neither here (a unix socket or TLS) nor from the daemon to the hypervisor. */
    async isSecure(): Promise<boolean> {
      return isSecure && (await call(remote.connectIsSecure, undefined)).secure === 1;
    },
    /** XML, see https://libvirt.org/formatcaps.html. */
    async capabilities(): Promise<string> {
      return (await call(remote.connectGetCapabilities, undefined)).capabilities;
    },
    /** XML, see https://libvirt.org/formatdomaincaps.html. */
    async domainCapabilities(
      of: { emulator?: string; arch?: string; machine?: string; virtType?: string } = {},
    ): Promise<string> {
      const { emulator, arch, machine, virtType } = of;
      const args = {
        emulatorbin: emulator ?? null,
        arch: arch ?? null,
        machine: machine ?? null,
        virttype: virtType ?? null,
        flags: 0,
      };
      return (await call(remote.connectGetDomainCapabilities, args)).capabilities;
    },
    async nodeInfo(): Promise<NodeInfo> {
      const info = await call(remote.nodeGetInfo, undefined);
      return {
        model: charsToString(info.model),
        memoryKiB: Number(info.memory),
        cpus: info.cpus,
        mhz: info.mhz,
        numaNodes: info.nodes,
        socketsPerNode: info.sockets,
        coresPerSocket: info.cores,
        threadsPerCore: info.threads,
      };
    },
    /** Nanoseconds by kind (`user`, `kernel`, `idle`, `iowait`) of one CPU, or of all together. */
    async nodeCpuStats(cpu = -1): Promise<Record<string, number>> {
      // The daemon takes no other count than the one it names when it is asked with none.
      const { nparams } = await call(remote.nodeGetCpuStats, { cpuNum: cpu, nparams: 0, flags: 0 });
      return byField((await call(remote.nodeGetCpuStats, { cpuNum: cpu, nparams, flags: 0 })).params);
    },
    /** KiB by kind (`total`, `free`, `buffers`, `cached`) of one NUMA node, or of all together. */
    async nodeMemoryStats(cell = -1): Promise<Record<string, number>> {
      const { nparams } = await call(remote.nodeGetMemoryStats, { nparams: 0, cellNum: cell, flags: 0 });
      return byField((await call(remote.nodeGetMemoryStats, { nparams, cellNum: cell, flags: 0 })).params);
    },
    async freeMemoryBytes(): Promise<number> {
      return Number((await call(remote.nodeGetFreeMemory, undefined)).freeMem);
    },
    /** SMBIOS as XML. */
    async sysinfo(): Promise<string> {
      return (await call(remote.connectGetSysinfo, { flags: 0 })).sysinfo;
    },
    /** The first security driver, such as `selinux` with its domain of interpretation. */
    async securityModel(): Promise<{ model: string; doi: string }> {
      const { model, doi } = await call(remote.nodeGetSecurityModel, undefined);
      return { model: charsToString(model), doi: charsToString(doi) };
    },
  };
}

function byField(params: { field: string; value: bigint }[]): Record<string, number> {
  return Object.fromEntries(params.map(({ field, value }) => [field, Number(value)]));
}

/** A C string that travels as an array of characters. */
function charsToString(chars: number[]): string {
  const end = chars.indexOf(0);
  return Buffer.from(end < 0 ? chars : chars.slice(0, end)).toString();
}
