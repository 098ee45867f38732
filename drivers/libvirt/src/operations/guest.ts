import * as qemu from '../gen/qemu.ts';
import * as remote from '../gen/remote.ts';
import { paramRecord } from '../xdr/typed-params.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** virDomainAgentResponseTimeoutValues: the daemon's own limit. */
const AGENT_DEFAULT_TIMEOUT = -1;

/** What QEMU's monitor and the guest's agent do. An agent's answers are the guest's word: treat them as hostile. */
export function guestOperations({ call }: Rpc) {
  return {
    /** A QMP command as JSON, or with `human` a line of the old monitor. Taints the domain in libvirt's eyes. */
    async monitorCommand(dom: DomainRef, command: string, options: { human?: boolean } = {}): Promise<string> {
      const args = { dom, cmd: command, flags: options.human ? 1 : 0 };
      return (await call(qemu.domainMonitorCommand, args)).result;
    },
    /**
     * A command to the QEMU guest agent as JSON. Rejects with `argument-unsupported` where the domain has no channel
     * for one, `agent-unresponsive` where none answers, and with what the agent says against the command:
     * `agent-command-failed`, or `internal-error` of an older libvirt (9.0).
     */
    async agentCommand(dom: DomainRef, command: string, timeoutSeconds = AGENT_DEFAULT_TIMEOUT): Promise<string> {
      const args = { dom, cmd: command, timeout: timeoutSeconds, flags: 0 };
      return (await call(qemu.domainAgentCommand, args)).result ?? '';
    },
    /** Users, system, time zone, host name, file systems, disks, interfaces by virDomainGuestInfoTypes; 0 is all. */
    async guestInfo(dom: DomainRef, types = 0): Promise<Record<string, number | string | boolean>> {
      return paramRecord((await call(remote.domainGetGuestInfo, { dom, types, flags: 0 })).params);
    },
    async guestHostname(dom: DomainRef): Promise<string> {
      return (await call(remote.domainGetHostname, { dom, flags: 0 })).hostname;
    },
    /** Resolves with the number of file systems that were frozen. */
    async freezeFilesystems(dom: DomainRef, mountPoints: string[] = []): Promise<number> {
      return (await call(remote.domainFsfreeze, { dom, mountpoints: mountPoints, flags: 0 })).filesystems;
    },
    async thawFilesystems(dom: DomainRef, mountPoints: string[] = []): Promise<number> {
      return (await call(remote.domainFsthaw, { dom, mountpoints: mountPoints, flags: 0 })).filesystems;
    },
    /** The guest's clock in milliseconds since 1970. */
    async guestTimeMs(dom: DomainRef): Promise<number> {
      const { seconds, nseconds } = await call(remote.domainGetTime, { dom, flags: 0 });
      return Number(seconds) * 1000 + nseconds / 1e6;
    },
    /** Reads up to 4 MiB of the guest's memory, at virtual (flag 1) or physical (flag 2) addresses. */
    async memoryPeek(dom: DomainRef, offset: bigint, size: number, flags = 2): Promise<Uint8Array> {
      return (await call(remote.domainMemoryPeek, { dom, offset, size, flags })).buffer;
    },
  };
}
