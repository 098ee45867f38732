import * as remote from '../gen/remote.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** Starting, stopping, saving and forgetting domains. `flags` are those of libvirt's function of the same name. */
export function domainLifecycleOperations({ call }: Rpc) {
  return {
    /** Starts a defined domain (`START` flags); resolves with the reference that carries its new id. */
    async create(dom: DomainRef, flags = 0): Promise<DomainRef> {
      return (await call(remote.domainCreateWithFlags, { dom, flags })).dom;
    },
    /** Starts a transient domain from XML. */
    async createXml(xml: string, flags = 0): Promise<DomainRef> {
      return (await call(remote.domainCreateXml, { xmlDesc: xml, flags })).dom;
    },
    /** Pulls the plug. Flag 1 fails rather than kills a process that does not end by itself. */
    async destroy(dom: DomainRef, flags = 0): Promise<void> {
      await call(remote.domainDestroyFlags, { dom, flags });
    },
    /** Asks the guest to power off. Resolves when it was asked, not when it is off. */
    async shutdown(dom: DomainRef, flags = 0): Promise<void> {
      await call(remote.domainShutdownFlags, { dom, flags });
    },
    async reboot(dom: DomainRef, flags = 0): Promise<void> {
      await call(remote.domainReboot, { dom, flags });
    },
    async reset(dom: DomainRef): Promise<void> {
      await call(remote.domainReset, { dom, flags: 0 });
    },
    /** Stops the vCPUs; the memory stays. */
    async suspend(dom: DomainRef): Promise<void> {
      await call(remote.domainSuspend, { dom });
    },
    async resume(dom: DomainRef): Promise<void> {
      await call(remote.domainResume, { dom });
    },
    /** Forgets the stored definition (`UNDEFINE` flags); a running domain becomes transient. */
    async undefine(dom: DomainRef, flags = 0): Promise<void> {
      await call(remote.domainUndefineFlags, { dom, flags });
    },
    /** Saves memory and stops; the next start continues there. */
    async managedSave(dom: DomainRef, flags = 0): Promise<void> {
      await call(remote.domainManagedSave, { dom, flags });
    },
    async hasManagedSave(dom: DomainRef): Promise<boolean> {
      return (await call(remote.domainHasManagedSaveImage, { dom, flags: 0 })).result === 1;
    },
    async removeManagedSave(dom: DomainRef): Promise<void> {
      await call(remote.domainManagedSaveRemove, { dom, flags: 0 });
    },
    /** Saves memory into a file of the host and stops. */
    async save(dom: DomainRef, path: string, options: { xml?: string; flags?: number } = {}): Promise<void> {
      await call(remote.domainSaveFlags, { dom, to: path, dxml: options.xml ?? null, flags: options.flags ?? 0 });
    },
    async restore(path: string, options: { xml?: string; flags?: number } = {}): Promise<void> {
      await call(remote.domainRestoreFlags, { from: path, dxml: options.xml ?? null, flags: options.flags ?? 0 });
    },
    /** Writes the guest's memory into a file of the host. `format` 0 is raw ELF (virDomainCoreDumpFormat). */
    async coreDump(dom: DomainRef, path: string, options: { format?: number; flags?: number } = {}): Promise<void> {
      const { format = 0, flags = 0 } = options;
      await call(remote.domainCoreDumpWithFormat, { dom, to: path, dumpformat: format, flags });
    },
    async rename(dom: DomainRef, name: string): Promise<void> {
      await call(remote.domainRename, { dom, newName: name, flags: 0 });
    },
    async autostart(dom: DomainRef): Promise<boolean> {
      return (await call(remote.domainGetAutostart, { dom })).autostart === 1;
    },
    async setAutostart(dom: DomainRef, on: boolean): Promise<void> {
      await call(remote.domainSetAutostart, { dom, autostart: on ? 1 : 0 });
    },
    /** Guest-controlled sleep: target 0 memory, 1 disk, 2 hybrid. Needs the guest agent. */
    async pmSuspend(dom: DomainRef, target = 0): Promise<void> {
      await call(remote.domainPmSuspendForDuration, { dom, target, duration: 0n, flags: 0 });
    },
    async pmWakeup(dom: DomainRef): Promise<void> {
      await call(remote.domainPmWakeup, { dom, flags: 0 });
    },
    async injectNmi(dom: DomainRef): Promise<void> {
      await call(remote.domainInjectNmi, { dom, flags: 0 });
    },
    /** What happens when the guest powers off (type 0), reboots (1) or crashes (2): virDomainLifecycleAction. */
    async setLifecycleAction(dom: DomainRef, type: number, action: number, flags = 0): Promise<void> {
      await call(remote.domainSetLifecycleAction, { dom, type, action, flags });
    },
  };
}
