import type { EngineMessage, ObservedVm } from '@hypervigil/contract';

type Reason = Extract<EngineMessage, { type: 'inventory' }>['reason'];

export interface Reporter {
  /** Tells everything, and from then on only what differs from what was told. */
  everything(reason: Reason, drift: readonly string[]): void;
  /** Tells of one VM, if what is seen of it differs from what was told. */
  vm(id: string): void;
  /** Looks at every VM: after the switch's ports or rules changed. */
  refresh(): void;
}

interface ReporterDeps {
  readonly ids: () => Iterable<string>;
  /** undefined when there is no such VM. */
  readonly observe: (id: string) => ObservedVm | undefined;
  /** False when it could not be told: the next session begins with everything. */
  readonly send: (message: EngineMessage) => boolean;
}

const MAX_DRIFT = 1000;

/** Keeps the platform's picture of this host's VMs right with as few words as possible. */
export function createReporter({ ids, observe, send }: ReporterDeps): Reporter {
  const told = new Map<string, string>();

  const tell = (id: string): void => {
    const seen = observe(id);
    const text = seen && JSON.stringify(seen);
    if (text === told.get(id)) return;
    const sent = send(seen ? { type: 'vm', vm: seen } : { type: 'vm.gone', id });
    if (!sent) return;
    if (text === undefined) told.delete(id);
    else told.set(id, text);
  };

  return {
    everything(reason, drift) {
      const vms = [...ids()].map(observe).filter((vm) => vm !== undefined);
      if (!send({ type: 'inventory', reason, vms, drift: drift.slice(0, MAX_DRIFT) })) return;
      told.clear();
      for (const vm of vms) told.set(vm.id, JSON.stringify(vm));
    },
    vm: tell,
    refresh() {
      for (const id of new Set([...ids(), ...told.keys()])) tell(id);
    },
  };
}
