import { setTimeout as delay } from 'node:timers/promises';
import type { EngineMessage } from '@hypervigil/contract';
import type { HostIntent, HostIntentPatch, IntentNetwork } from '@hypervigil/model';
import type { FlowChange, OvsPort, OvsSwitch } from '@hypervigil/ovs';
import { type Full, type LocalGateway, type LocalMirror, NONE_FULL, PipelineError } from '@hypervigil/pipeline';
import { patchInForce } from '@hypervigil/policy';
import { createBackoff } from '../backoff.ts';
import { describeError } from '../errors.ts';
import { portsByInterface, type VmFacts } from '../inventory/facts.ts';
import type { Log } from '../log.ts';
import { createCalendar } from './calendar.ts';
import { createCarryOver } from './carry-over.ts';
import { type CompiledHost, compileHost, type HostGoal, isSomething, type OpenLimits } from './compiled.ts';
import { type PolicedPort, rememberPorts } from './ports.ts';

export type Applied = Omit<Extract<EngineMessage, { type: 'applied' }>, 'type'>;

type OwnedSwitch = Pick<OvsSwitch, 'ports' | 'flows' | 'onPortsChanged'>;

export interface SwitchOwner {
  /** Takes a switch and installs everything; resolves when that is done, after as many attempts as it takes. */
  attach(sw: OwnedSwitch): Promise<void>;
  detach(): void;
  /** What was told last. What of it is in force is enforced, unless it cannot become flows. */
  intent(): HostIntent;
  /** Enforces this intent from now on. `patch` led to it from the one before, if one did. */
  setIntent(intent: HostIntent, patch?: HostIntentPatch): void;
  /** Something that ports depend on changed: VMs started, arrived, left. */
  refresh(): void;
  /** Puts back what somebody else changed in the switch. Resolves with how many flows that were. */
  repair(): Promise<number>;
  /** The switch's ports by `iface-id`. */
  ports(): ReadonlyMap<string, OvsPort>;
  /** vNICs here, and rules, that may have so many connections at the same time. */
  openLimits(): OpenLimits;
  /** Networks with vNICs that have ports here. */
  networks(): readonly IntentNetwork[];
  /** Ids of vNICs that are policed now. */
  enforced(): ReadonlySet<string>;
  stop(): void;
}

interface OwnerDeps {
  readonly uplink: string | null;
  readonly establishedProbability: number;
  readonly vms: () => ReadonlyMap<string, VmFacts>;
  readonly live: () => boolean;
  /** The gateway VMs that have their ports. */
  readonly gateways?: (ports: ReadonlyMap<string, OvsPort>) => readonly LocalGateway[];
  /** vNICs, rules and networks that have as many connections as they may; `refresh` when they are others. */
  readonly full?: () => Full;
  /** Before this is enforced: gateways have to know what they are to block. What is newer does not wait. */
  readonly prepare?: (intent: HostIntent, isCurrent: () => boolean) => Promise<void>;
  /** The mirrors of the cloud. */
  readonly mirrors?: (ports: ReadonlyMap<string, OvsPort>) => readonly LocalMirror[];
  /** After each attempt that was about an intent or failed: what is enforced now, or why it could not be. */
  readonly onApplied: (applied: Applied, intent: HostIntent) => void;
  /** This is enforced, until something newer is: connections that it does not allow may be ended. */
  readonly onEnforced: (inForce: HostIntent, isCurrent: () => boolean) => void;
  /** Ports, or what is enforced on them, changed. */
  readonly onView: () => void;
  readonly log: Log;
  readonly random: () => number;
  /** Wall clock, ms: by it rules end. */
  readonly now: () => number;
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
  staged: [],
  limits: [],
});

type Work = 'nothing' | 'difference' | 'everything';

const NO_LIMITS: OpenLimits = Object.freeze({ vnics: new Map(), rules: new Map() });
const NO_CHANGE: FlowChange = { added: 0, modified: 0, deleted: 0 };
/** Patches kept for a compilation that has not caught up; beyond it documents are compared. */
const MAX_PATCHES = 100;

/** Makes one switch enforce the intent: whatever changes, the difference follows; one change at a time. */
export function createSwitchOwner(deps: OwnerDeps): SwitchOwner {
  const { vms, live, onApplied, onEnforced, onView, log, carryOverMs = 60_000 } = deps;
  const backoff = createBackoff(50, 1_000, deps.random);
  const carryOver = createCarryOver(carryOverMs, () => kick('difference'));
  const calendar = createCalendar(deps.now, () => turn());
  let told = EMPTY_INTENT;
  /** What of it is in force. */
  let due = EMPTY_INTENT;
  let patches: HostIntentPatch[] = [];
  /** The newest intent that could become flows. */
  let good = EMPTY_INTENT;
  let reported: HostIntent | undefined;
  let enforcedIntent: HostIntent | undefined;
  let sw: OwnedSwitch | undefined;
  let watches: (() => void)[] = [];
  let ports: readonly OvsPort[] = [];
  let portsById: ReadonlyMap<string, OvsPort> = new Map();
  let compiled: CompiledHost | undefined;
  let policed: readonly PolicedPort[] = [];
  const portsFor = rememberPorts();
  let enforced: ReadonlySet<string> = new Set();
  let flowCount = 0;
  /** Of what was compiled last: while it is compiled anew, they are no others. */
  let networks: readonly IntentNetwork[] = [];
  let work: Work = 'nothing';
  let working: Promise<void> | undefined;

  const kick = (more: Work): void => {
    if (work !== 'everything') work = more;
    if (!sw || working) return;
    working = run().finally(() => {
      working = undefined;
    });
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

  /** The rules in force may have become others. */
  const turn = (): void => {
    const now = calendar.inForce(told);
    calendar.watch([told, good]);
    // What is enforced in place of what could not be has rules of its own that end.
    if (good === told && isSame(now, due)) return;
    due = now;
    patches = [];
    kick('difference');
  };

  const seePorts = (now: readonly OvsPort[]): void => {
    ports = now;
    portsById = portsByInterface(now);
  };

  const goalFor = (intent: HostIntent): HostGoal => {
    const next = portsFor({ ports, vnics: intent.vnics, vms: vms(), live: live() });
    carryOver.begin(next.filter(({ arriving }) => arriving).map(({ vnicNum }) => vnicNum));
    return {
      intent,
      patches,
      ports: next,
      gateways: deps.gateways?.(portsById) ?? [],
      mirrors: deps.mirrors?.(portsById) ?? [],
      uplink: ports.find(({ name }) => name === deps.uplink)?.ofport ?? null,
      carryOver: carryOver.current(),
      full: deps.full?.() ?? NONE_FULL,
      establishedProbability: deps.establishedProbability,
    };
  };

  const enforce = async (target: OwnedSwitch, attempt: Work): Promise<void> => {
    const startedAt = performance.now();
    const next = due;
    await deps.prepare?.(next, () => due === next && sw === target);
    if (sw !== target) return;
    const wanted = told;
    const goal = goalFor(due);
    const report = (error: string | null): void => {
      const { revision, policyRevision } = wanted;
      const tookMs = performance.now() - startedAt;
      onApplied({ revision, policyRevision, error, flows: flowCount, tookMs }, wanted);
      reported = wanted;
    };
    try {
      if (attempt === 'everything') compiled = undefined;
      await install(target, goal);
      networks = compiled?.networks() ?? networks;
      good = wanted;
      patches = patches.filter(({ revision }) => revision > good.revision);
    } catch (error) {
      compiled = undefined;
      report(describeError(error).slice(0, 2000));
      if (!(error instanceof PipelineError) || good === wanted) throw error;
      // What cannot become flows leaves enforced what could; its ports may have changed meanwhile.
      log.error({ revision: goal.intent.revision, reason: describeError(error) }, 'the intent cannot become flows');
      await install(target, goalFor(calendar.inForce(good)));
      return;
    }
    const before = enforced;
    if (policed !== goal.ports) enforced = new Set(goal.ports.map(({ vnicId }) => vnicId));
    policed = goal.ports;
    if (reported !== wanted || attempt === 'everything') report(null);
    if (enforcedIntent !== goal.intent || attempt === 'everything') {
      enforcedIntent = goal.intent;
      onEnforced(goal.intent, () => due === goal.intent);
    }
    if (before !== enforced && before.symmetricDifference(enforced).size > 0) onView();
  };

  const install = async (target: OwnedSwitch, goal: HostGoal): Promise<FlowChange> => {
    if (compiled) {
      const delta = compiled.follow(goal);
      if (!isSomething(delta)) return NO_CHANGE;
      const change = await target.flows.applyDelta(delta);
      flowCount += change.added - change.deleted;
      return change;
    }
    const fresh = compileHost(goal);
    const flows = fresh.flows();
    const change = await target.flows.apply(flows, fresh.meters());
    flowCount = flows.length;
    compiled = fresh;
    return change;
  };

  return {
    async attach(target) {
      sw = target;
      compiled = undefined;
      seePorts(target.ports());
      watches = [
        target.onPortsChanged((now) => {
          seePorts(now);
          onView();
          kick('difference');
        }),
        // ovs-vswitchd ended, and its flows and connections with it.
        target.flows.onLost(() => {
          carryOver.begin(policed.map(({ vnicNum }) => vnicNum));
          kick('everything');
        }),
      ];
      kick('everything');
      await working;
    },
    detach() {
      for (const stop of watches.splice(0)) stop();
      sw = undefined;
      compiled = undefined;
      enforced = new Set();
      portsFor.forget();
      seePorts([]);
      onView();
    },
    intent: () => told,
    setIntent(intent, patch) {
      const before = { told, due };
      told = intent;
      due = calendar.inForce(intent);
      const isWhole = before.told === before.due && told === due;
      const step = patch && (isWhole ? patch : patchInForce(patch, before.due, due));
      patches = step ? [...patches, step].slice(-MAX_PATCHES) : [];
      calendar.watch([told, good]);
      kick('difference');
    },
    refresh() {
      portsFor.forget();
      kick('difference');
    },
    async repair() {
      await working;
      if (!sw || !compiled) return 0;
      const { added, modified, deleted } = await sw.flows.repair();
      return added + modified + deleted;
    },
    ports: () => portsById,
    openLimits: () => compiled?.openLimits() ?? NO_LIMITS,
    networks: () => networks,
    enforced: () => enforced,
    stop() {
      carryOver.stop();
      calendar.stop();
      for (const stop of watches.splice(0)) stop();
      sw = undefined;
    },
  };
}

const isSame = (a: HostIntent, b: HostIntent): boolean =>
  (['rules', 'staged'] as const).every(
    (list) => a[list].length === b[list].length && a[list].every((rule, n) => rule === b[list][n]),
  );
