import type { PlatformMessage } from '@hypervigil/contract';
import { type Libvirt, MIGRATE } from '@hypervigil/libvirt';
import { z } from 'zod';
import { EngineError } from '../errors.ts';

type TaskOrder = Extract<PlatformMessage, { type: 'task' }>;

/** Does what a task says; rejects with why it could not. `lease` aborts when the platform may give the task to others. */
export type TaskRunner = (order: TaskOrder, lease: AbortSignal) => Promise<void>;

interface RunnerDeps {
  /** The present session, with the lease as the limit of its calls. */
  readonly libvirt: () => Libvirt | undefined;
  readonly syncInventory: () => Promise<void>;
  readonly migrationTls: boolean;
}

const MigrateParams = z.object({
  /** libvirt's address of the other host as this host reaches it, such as `qemu+tls://kvm2/system`. */
  uri: z.string().min(1).max(500),
});

export function createTaskRunner({ libvirt, syncInventory, migrationTls }: RunnerDeps): TaskRunner {
  return async ({ kind, vmId, params }, lease) => {
    if (kind === 'host.sync') return await syncInventory();
    const session = libvirt()?.with({ signal: lease });
    if (!session) throw new EngineError('libvirt-away', 'libvirt does not answer on this host');
    if (vmId === null) throw new EngineError('bad-task', `${kind} names no VM`);
    const domain = await session.domainByUuid(vmId);
    switch (kind) {
      case 'vm.start':
        await session.create(domain);
        return;
      case 'vm.shutdown':
        return await session.shutdown(domain);
      case 'vm.stop':
        return await session.destroy(domain);
      case 'vm.reboot':
        return await session.reboot(domain);
      case 'vm.migrate': {
        const { uri } = MigrateParams.parse(params);
        const { live, persistDest, undefineSource, tls } = MIGRATE;
        const flags = live | persistDest | undefineSource | (migrationTls ? tls : 0);
        return await session.migrateP2P(domain, uri, { flags });
      }
    }
  };
}
