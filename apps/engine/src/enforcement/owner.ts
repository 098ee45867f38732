import { setTimeout as delay } from 'node:timers/promises';
import type { EngineMessage } from '@hypervigil/contract';
import type { HostIntent } from '@hypervigil/model';
import type { FlowChange, OvsPort, OvsSwitch } from '@hypervigil/ovs';
import { createBackoff } from '../backoff.ts';
import { describeError } from '../errors.ts';
import type { VmFacts } from '../inventory/facts.ts';
import type { Log } from '../log.ts';
import { createCarryOver } from './carry-over.ts';
import type { CompileInput, PipelineCompiler } from './compiler.ts';
import { type PolicedPort, policedPorts } from './ports.ts';

export type Applied = Omit<Extract<EngineMessage, { type: 'applied' }>, 'type'>;

export type OwnedSwitch = Pick<OvsSwitch, 'ports' | 'flows' | 'onPortsChanged'>;

export interface SwitchOwner {
  /** Takes a switch and installs everything. Rejects when that fails: the session is of no use then. */
  attach(sw: OwnedSwitch): Promise<void>;
  detach(): void;
  intent(): HostIntent;
  /** Enforces this intent from now on. */
  setIntent(intent: HostIntent): void;
  /** Something that ports depend on changed: VMs started, arrived, left. */
  refresh(): void;
  /** The switch forgot its flows and connections: installs everything again. */
  reinstall(): void;
  ports(): readonly OvsPort[];
  /** Ids of vNICs that are policed now. */
  enforced(): ReadonlySet<string>;
  stop(): void;
}

interface OwnerDeps {
  readonly createCompiler: (input: CompileInput) => PipelineCompiler;
  readonly uplink: string | null;
  readonly vms: () => ReadonlyMap<string, VmFacts>;
  readonly live: () => boolean;
  /** After each attempt: what is enforced now, or why it could not be. */
  readonly onApplied: (applied: Applied, intent: HostIntent) => void;
  /** Ports or what is enforced on them changed. */
  readonly onView: () => void;
  readonly log: Log;
  readonly random: () => number;
  readonly carryOverMs?: number;
}

/** Enforced where nothing was ever told: every port closed. */
export const EMPTY_INTENT: HostIntent = Object.freeze({
  revision: 0,
  policyRevision: 0,
  networks: [],
  tenants: [],
  vnics: [],
  sets: [],
  rules: [],
});

type Work = 'nothing' | 'difference' | 'everything';

/** Makes one switch enforce the intent: whatever changes, the difference follows; one change at a time. */
export function createSwitchOwner(deps: OwnerDeps): SwitchOwner {
  const { createCompiler, uplink, vms, live, onApplied, onView, log, random, carryOverMs = 60_000 } = deps;
  const backoff = createBackoff(50, 5_000, random);
  const carryOver = createCarryOver(carryOverMs, () => kick('difference'));
  let intent = EMPTY_INTENT;
  let sw: OwnedSwitch | undefined;
  let stopWatching: () => void = () => {};
  let compiler: PipelineCompiler | undefined;
  let policed: readonly PolicedPort[] = [];
  let enforced: ReadonlySet<string> = new Set();
  let work: Work = 'nothing';
  let working: Promise<void> | undefined;
  let flowCount = 0;

  const kick = (more: Work): void => {
    if (work !== 'everything') work = more;
    if (sw) working ??= run().finally(() => (working = undefined));
  };

  const run = async (): Promise<void> => {
    while (work !== 'nothing' && sw) {
      const attempt = work;
      work = 'nothing';
      try {
        await enforce(sw, attempt);
        backoff.reset();
      } catch (error) {
        work = 'everything';
        log.error({ reason: describeError(error) }, 'the switch does not enforce the intent');
        await delay(backoff.next());
      }
    }
  };

  const enforce = async (target: OwnedSwitch, attempt: Work): Promise<void> => {
    const startedAt = performance.now();
    const goal = intent;
    const ports = target.ports();
    const next = policedPorts({ ports, intent: goal, vms: vms(), live: live() });
    carryOver.begin(next.filter(({ arriving }) => arriving).map(({ vnicNum }) => vnicNum));
    const input: CompileInput = {
      intent: goal,
      ports: next,
      uplink: ports.find(({ name }) => name === uplink)?.ofport ?? null,
      carryOver: carryOver.current(),
    };
    const report = (error: string | null): void =>
      onApplied(
        {
          revision: goal.revision,
          policyRevision: goal.policyRevision,
          error,
          flows: flowCount,
          tookMs: performance.now() - startedAt,
        },
        goal,
      );
    try {
      const change = await install(target, input, attempt);
      flowCount += change.added - change.deleted;
    } catch (error) {
      compiler = undefined;
      report(describeError(error).slice(0, 2000));
      throw error;
    }
    policed = next;
    enforced = new Set(next.map(({ vnicId }) => vnicId));
    report(null);
    onView();
  };

  const install = async (target: OwnedSwitch, input: CompileInput, attempt: Work): Promise<FlowChange> => {
    if (attempt === 'difference' && compiler) {
      const delta = compiler.update(input);
      if (delta.upsert.length + delta.remove.length === 0) return { added: 0, modified: 0, deleted: 0 };
      return await target.flows.applyDelta(delta);
    }
    compiler = createCompiler(input);
    const flows = compiler.flows();
    await target.flows.apply(flows);
    return { added: flows.length - flowCount, modified: 0, deleted: 0 };
  };

  return {
    async attach(target) {
      sw = target;
      compiler = undefined;
      stopWatching = target.onPortsChanged(() => {
        onView();
        kick('difference');
      });
      work = 'nothing';
      await enforce(target, 'everything');
      if (work !== 'nothing') kick(work);
    },
    detach() {
      stopWatching();
      sw = undefined;
      compiler = undefined;
      enforced = new Set();
      onView();
    },
    intent: () => intent,
    setIntent(next) {
      intent = next;
      kick('difference');
    },
    refresh: () => kick('difference'),
    reinstall() {
      carryOver.begin(policed.map(({ vnicNum }) => vnicNum));
      kick('everything');
    },
    ports: () => sw?.ports() ?? [],
    enforced: () => enforced,
    stop() {
      carryOver.stop();
      stopWatching();
      sw = undefined;
    },
  };
}
