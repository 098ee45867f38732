import * as remote from '../gen/remote.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** `virDomainState`, in the order of its numbers. */
const STATES = ['nostate', 'running', 'blocked', 'paused', 'shutdown', 'shutoff', 'crashed', 'pmsuspended'] as const;

/** `shutdown` is a domain on its way down; `shutoff` one that is off. A number that is not known reads `nostate`. */
export type DomainState = (typeof STATES)[number];

function domainStateName(number: number): DomainState {
  return STATES[number] ?? 'nostate';
}

export interface DomainInfo {
  state: DomainState;
  maxMemoryKiB: number;
  memoryKiB: number;
  vcpus: number;
  cpuTimeNs: number;
}

export function domainStateOperations({ call }: Rpc) {
  return {
    /** `reason` is a number of the enumeration that belongs to the state (libvirt-domain.h). */
    async domainState(dom: DomainRef): Promise<{ state: DomainState; reason: number }> {
      const { state, reason } = await call(remote.domainGetState, { dom, flags: 0 });
      return { state: domainStateName(state), reason };
    },
    async domainInfo(dom: DomainRef): Promise<DomainInfo> {
      const info = await call(remote.domainGetInfo, { dom });
      return {
        state: domainStateName(info.state),
        maxMemoryKiB: Number(info.maxMem),
        memoryKiB: Number(info.memory),
        vcpus: info.nrVirtCpu,
        cpuTimeNs: Number(info.cpuTime),
      };
    },
    /** Whether the hypervisor's control interface answers: `details` and the time that it has not, in ms. */
    async controlInfo(dom: DomainRef): Promise<{ state: number; details: number; stateTimeMs: number }> {
      const { state, details, stateTime } = await call(remote.domainGetControlInfo, { dom, flags: 0 });
      return { state, details, stateTimeMs: Number(stateTime) };
    },
    async isActive(dom: DomainRef): Promise<boolean> {
      return (await call(remote.domainIsActive, { dom })).active === 1;
    },
    async isPersistent(dom: DomainRef): Promise<boolean> {
      return (await call(remote.domainIsPersistent, { dom })).persistent === 1;
    },
    /** Whether the live definition differs from the stored one. */
    async isUpdated(dom: DomainRef): Promise<boolean> {
      return (await call(remote.domainIsUpdated, { dom })).updated === 1;
    },
    /** Messages that libvirt keeps for a domain: deprecated configuration, tainting. */
    async domainMessages(dom: DomainRef): Promise<string[]> {
      return (await call(remote.domainGetMessages, { dom, flags: 0 })).msgs;
    },
  };
}
