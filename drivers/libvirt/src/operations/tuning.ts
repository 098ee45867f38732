import * as remote from '../gen/remote.ts';
import { paramRecord, type TypedParam } from '../xdr/typed-params.ts';
import { cpuMap, cpuSet } from './cpu-map.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

type Params = Record<string, number | string | boolean>;

export interface VcpuInfo {
  number: number;
  state: 'offline' | 'running' | 'blocked';
  cpuTimeNs: number;
  /** The host CPU that it runs on, negative while it does not. */
  cpu: number;
}

const VCPU_STATES = ['offline', 'running', 'blocked'] as const;
const PARAMS = 16;
/** VIR_TYPED_PARAM_STRING_OKAY: without it older daemons leave out values that are text. */
const STRINGS = 4;
/** virDomainVcpuFlags and virDomainMemoryModFlags agree on this bit. */
const MAXIMUM = 4;
const CPU_MAP_BYTES = 2048;

/** CPU and memory of a domain while it runs (`AFFECT.live`) or in its stored definition (`AFFECT.config`). */
export function tuningOperations({ call }: Rpc) {
  return {
    async setVcpus(dom: DomainRef, count: number, flags = 0): Promise<void> {
      await call(remote.domainSetVcpusFlags, { dom, nvcpus: count, flags });
    },
    async setMaxVcpus(dom: DomainRef, count: number, flags = 0): Promise<void> {
      await call(remote.domainSetVcpusFlags, { dom, nvcpus: count, flags: flags | MAXIMUM });
    },
    async vcpuCount(dom: DomainRef, flags = 0): Promise<number> {
      return (await call(remote.domainGetVcpusFlags, { dom, flags })).num;
    },
    /** The vCPUs of a running domain. */
    async vcpus(dom: DomainRef): Promise<VcpuInfo[]> {
      const { info } = await call(remote.domainGetVcpus, { dom, maxinfo: 16_384, maplen: 0 });
      return info.map(({ number, state, cpuTime, cpu }) => ({
        number,
        state: VCPU_STATES[state] ?? 'offline',
        cpuTimeNs: Number(cpuTime),
        cpu,
      }));
    },
    async setMemory(dom: DomainRef, kib: number, flags = 0): Promise<void> {
      await call(remote.domainSetMemoryFlags, { dom, memory: BigInt(kib), flags });
    },
    async setMaxMemory(dom: DomainRef, kib: number, flags = 0): Promise<void> {
      await call(remote.domainSetMemoryFlags, { dom, memory: BigInt(kib), flags: flags | MAXIMUM });
    },
    /** Lets a vCPU run on these host CPUs only. */
    async pinVcpu(dom: DomainRef, vcpu: number, cpus: number[], flags = 0): Promise<void> {
      await call(remote.domainPinVcpuFlags, { dom, vcpu, cpumap: cpuMap(cpus), flags });
    },
    /** The host CPUs of each vCPU, among the first `hostCpus`. */
    async vcpuPins(dom: DomainRef, vcpus: number, hostCpus: number, flags = 0): Promise<number[][]> {
      const maplen = Math.min(CPU_MAP_BYTES, Math.ceil(hostCpus / 8));
      const { cpumaps, num } = await call(remote.domainGetVcpuPinInfo, { dom, ncpumaps: vcpus, maplen, flags });
      return Array.from({ length: num }, (_, index) => cpuSet(cpumaps.subarray(index * maplen, (index + 1) * maplen)));
    },
    async pinEmulator(dom: DomainRef, cpus: number[], flags = 0): Promise<void> {
      await call(remote.domainPinEmulator, { dom, cpumap: cpuMap(cpus), flags });
    },
    async emulatorPin(dom: DomainRef, hostCpus: number, flags = 0): Promise<number[]> {
      const maplen = Math.min(CPU_MAP_BYTES, Math.ceil(hostCpus / 8));
      return cpuSet((await call(remote.domainGetEmulatorPinInfo, { dom, maplen, flags })).cpumaps);
    },
    /** Shares, periods and quotas by libvirt's name, such as `cpu_shares`. */
    async schedulerParameters(dom: DomainRef, flags = 0): Promise<Params> {
      const args = { dom, nparams: PARAMS, flags };
      return paramRecord((await call(remote.domainGetSchedulerParametersFlags, args)).params);
    },
    async setSchedulerParameters(dom: DomainRef, params: TypedParam[], flags = 0): Promise<void> {
      await call(remote.domainSetSchedulerParametersFlags, { dom, params, flags });
    },
    /** Limits in KiB by libvirt's name, such as `hard_limit`; 9,007,199,254,740,991 is none. */
    async memoryParameters(dom: DomainRef, flags = 0): Promise<Params> {
      const args = { dom, nparams: PARAMS, flags };
      return paramRecord((await call(remote.domainGetMemoryParameters, args)).params);
    },
    async setMemoryParameters(dom: DomainRef, params: TypedParam[], flags = 0): Promise<void> {
      await call(remote.domainSetMemoryParameters, { dom, params, flags });
    },
    async blkioParameters(dom: DomainRef, flags = 0): Promise<Params> {
      const args = { dom, nparams: PARAMS, flags: flags | STRINGS };
      return paramRecord((await call(remote.domainGetBlkioParameters, args)).params);
    },
    async setBlkioParameters(dom: DomainRef, params: TypedParam[], flags = 0): Promise<void> {
      await call(remote.domainSetBlkioParameters, { dom, params, flags });
    },
    async numaParameters(dom: DomainRef, flags = 0): Promise<Params> {
      const args = { dom, nparams: PARAMS, flags: flags | STRINGS };
      return paramRecord((await call(remote.domainGetNumaParameters, args)).params);
    },
    async setNumaParameters(dom: DomainRef, params: TypedParam[], flags = 0): Promise<void> {
      await call(remote.domainSetNumaParameters, { dom, params, flags });
    },
    /** I/O threads and the host CPUs they may use. */
    async ioThreads(dom: DomainRef, flags = 0): Promise<{ id: number; cpus: number[] }[]> {
      const { info } = await call(remote.domainGetIothreadInfo, { dom, flags });
      return info.map(({ iothreadId, cpumap }) => ({ id: iothreadId, cpus: cpuSet(cpumap) }));
    },
    async pinIoThread(dom: DomainRef, id: number, cpus: number[], flags = 0): Promise<void> {
      await call(remote.domainPinIothread, { dom, iothreadsId: id, cpumap: cpuMap(cpus), flags });
    },
  };
}
