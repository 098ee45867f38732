import type { EngineMessage } from '@hypervigil/contract';
import {
  accessProblem,
  compileRuleset,
  cutsNothing,
  type ManagementAccess,
  type PolicyCounts,
  policyCounts,
  TABLE,
  unknownListeners,
} from '@hypervigil/host-firewall';
import type {
  HostFirewallIntent,
  HostFirewallPolicy,
  HostFirewallProblem,
  HostFirewallStatus,
  HostListener,
} from '@hypervigil/model';
import { differenceOf, type Nftables, NftError, type NftListing } from '@hypervigil/nftables';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { FirewallStore, StoredFirewall } from './stored.ts';

/** The firewall of this host's own management side. */
export interface HostFirewall {
  /** What the platform says; null when nobody ever asked it for anything. */
  receive(intent: HostFirewallIntent | null): void;
  /** A session with the platform began: under the rules of a trial, if one is on. */
  welcomed(): void;
  /** Puts right what others changed, looks who listens, and tells the platform what is new. */
  check(): Promise<void>;
  /** Once the platform has shown that it knows of host firewalls. */
  status(): HostFirewallStatus | undefined;
  /** Leaves everything in force. A trial ends by itself. */
  stop(): void;
}

interface FirewallDeps {
  readonly nft: Nftables;
  readonly store: FirewallStore;
  /** How this host is managed at this moment. */
  readonly access: () => Promise<ManagementAccess>;
  readonly listeners: () => Promise<readonly HostListener[]>;
  readonly reconnect: () => void;
  readonly send: (message: EngineMessage) => boolean;
  readonly onChange: () => void;
  readonly log: Log;
}

type Kept = NonNullable<StoredFirewall['kept']>;
type Outcome = StoredFirewall['last'];

interface Trial {
  readonly revision: number;
  readonly policy: HostFirewallPolicy;
  /** Milliseconds of the steady clock. Not after the kernel's own end. */
  readonly endsAt: number;
  readonly timer: NodeJS.Timeout;
  confirmed: boolean;
  /** The platform was reached anew since the trial began. */
  isBack: boolean;
}

const MAX_TOLD_LISTENERS = 200;

/**
 * Enforces a policy at first on trial: it is kept when somebody confirmed it _and_ a new session with the platform was
 * opened under it. Otherwise the one before it is back after the time, by the kernel's clock and without this process
 * (`compileRuleset`), and this revision is never tried again.
 *
 * First what is stored is enforced; resolves when it is, or when it is known why not.
 */
export async function startHostFirewall(deps: FirewallDeps): Promise<HostFirewall> {
  const { nft, store, log } = deps;
  let kept: Kept | null = null;
  let trial: Trial | undefined;
  let outcome: Outcome = { revision: 0, state: 'none', problem: null };
  /** How the table looks when nobody touched it; undefined when there should be none. */
  let wanted: NftListing | undefined;
  /** Why what is kept is not in force, if it is not. */
  let failure: HostFirewallProblem | null = null;
  /** True once something was ever said of this host's firewall: until then nothing is touched. */
  let isOurs = false;
  let repairs = 0;
  let counts: PolicyCounts | undefined;
  let unknown: HostListener[] = [];
  let speaking = false;
  let told = '';
  let complained = '';
  let working: Promise<unknown> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = working.then(() => work());
    working = done.catch((error: unknown) => {
      const reason = describeError(error);
      if (reason !== complained) log.error({ reason }, 'the host firewall could not be looked after');
      complained = reason;
    });
    return done;
  };

  const inForce = (): HostFirewallPolicy | null => trial?.policy ?? kept?.policy ?? null;

  /** Puts what is kept into the kernel, in place of whatever our table holds. Throws what nft says. */
  const enforce = async (from?: { listing: NftListing | undefined; place: 'kept' | 'trial' }): Promise<void> => {
    const policy = kept?.policy ?? null;
    const count = policy && from?.listing && policyCounts(from.listing.counters, from.place, policy.rules.length);
    failure = null;
    try {
      await nft.apply(compileRuleset({ kept: policy, ...(count ? { counts: { kept: count } } : {}) }));
      wanted = policy === null ? undefined : await nft.list(TABLE);
    } catch (error) {
      failure = problemOf(error);
      throw error;
    }
  };

  const endTrial = (): void => {
    clearTimeout(trial?.timer);
    trial = undefined;
  };

  const settle = async (intent: Pick<HostFirewallIntent, 'revision' | 'policy'>): Promise<void> => {
    const { revision, policy } = intent;
    const from = trial?.revision === revision ? { listing: await nft.list(TABLE), place: 'trial' as const } : undefined;
    const next: Outcome = { revision, state: 'kept', problem: null };
    await store.save({ kept: { revision, policy }, last: next });
    endTrial();
    kept = { revision, policy };
    outcome = next;
    await enforce(from);
    log.info({ revision }, 'host firewall kept');
  };

  const rollBack = async ({ revision, confirmed }: Trial): Promise<void> => {
    const problem: HostFirewallProblem = { code: confirmed ? 'platform-lost' : 'not-confirmed', params: {} };
    outcome = { revision, state: 'rolled-back', problem };
    log.warn({ revision, problem }, 'host firewall rolled back');
    endTrial();
    await enforce();
    await store.save({ kept, last: outcome });
  };

  const begin = async ({ revision, policy, confirmed, trialSeconds }: HostFirewallIntent): Promise<void> => {
    isOurs = true;
    if (policy === null || cutsNothing(policy)) return settle({ revision, policy });
    const problem = accessProblem(policy, await deps.access());
    if (problem) {
      outcome = { revision, state: 'refused', problem };
      log.warn({ revision, problem }, 'host firewall refused');
      return store.save({ kept, last: outcome });
    }
    endTrial();
    const next: Outcome = { revision, state: 'trial', problem: null };
    await store.save({ kept, last: next });
    const endsAt = performance.now() + trialSeconds * 1000;
    try {
      await nft.apply(compileRuleset({ kept: kept?.policy ?? null, trial: { policy, seconds: trialSeconds } }));
    } catch (error) {
      await store.save({ kept, last: outcome });
      throw error;
    }
    const end = (): void => act(async () => (trial === begun ? rollBack(begun) : undefined), revision);
    const timer = setTimeout(end, endsAt - performance.now());
    const begun: Trial = { revision, policy, endsAt, timer, confirmed, isBack: false };
    trial = begun;
    outcome = next;
    log.info({ revision, trialSeconds }, 'host firewall on trial');
    // Not a moment between this and the trial's beginning: a session that opens from now on shows that it can.
    deps.reconnect();
  };

  const keepIfProven = async (): Promise<void> => {
    if (trial?.confirmed && trial.isBack && performance.now() < trial.endsAt) await settle(trial);
  };

  const report = (): void => {
    const status = statusNow();
    const text = JSON.stringify(status);
    if (!speaking || text === told) return;
    if (deps.send({ type: 'host-firewall', status })) told = text;
    deps.onChange();
  };

  const statusNow = (): HostFirewallStatus => ({
    ...outcome,
    ...(failure && outcome.state === 'kept' ? { state: 'failed' as const, problem: failure } : {}),
    kept: kept?.policy ? kept.revision : 0,
    repairs,
    rules: counts?.rules ?? [],
    inbound: counts?.inbound ?? null,
    outbound: counts?.outbound ?? null,
    unknown: unknown.slice(0, MAX_TOLD_LISTENERS),
  });

  const repair = async (): Promise<void> => {
    const found = await nft.list(TABLE);
    const policy = inForce();
    counts = policy
      ? policyCounts(found?.counters ?? new Map(), trial ? 'trial' : 'kept', policy.rules.length)
      : undefined;
    // Rules that others change in a trial are gone with it.
    if (trial) return;
    const isRight = wanted && found ? differenceOf(wanted, found) === undefined : wanted === found;
    if (isRight && failure === null) return;
    if (failure === null) {
      repairs++;
      log.warn({ revision: kept?.revision }, 'somebody else had changed the host firewall; it is right again');
    }
    await enforce({ listing: found, place: 'kept' });
  };

  /** What of the kernel and of the host's sockets is to be told. One that waits for its turn is enough. */
  let waitingLook: Promise<void> | undefined;
  const look = (): Promise<void> => {
    waitingLook ??= inTurn(async () => {
      waitingLook = undefined;
      try {
        if (isOurs) await repair();
        const policy = inForce();
        unknown = policy ? unknownListeners(policy, await deps.listeners()) : [];
      } finally {
        report();
      }
    }).catch(() => undefined);
    return waitingLook;
  };

  const act = (work: () => Promise<void>, revision: number): void => {
    const done = inTurn(async () => {
      try {
        await work();
      } catch (error) {
        // What is kept and not in force is known by its `failure`, until it is.
        if (failure === null) outcome = { revision, state: 'failed', problem: problemOf(error) };
        throw error;
      }
    });
    void done.catch(() => undefined).then(look);
  };

  try {
    const stored = await store.load();
    if (stored) {
      isOurs = true;
      ({ kept, last: outcome } = stored);
      if (outcome.state === 'trial')
        outcome = { ...outcome, state: 'rolled-back', problem: { code: 'interrupted', params: {} } };
      await inTurn(enforce);
    }
  } catch (error) {
    log.error({ reason: describeError(error) }, 'the host firewall is left as it is');
  }

  return {
    receive(intent) {
      speaking = true;
      told = '';
      if (intent === null) return void look();
      act(async () => {
        if (trial?.revision === intent.revision) {
          trial.confirmed ||= intent.confirmed;
          await keepIfProven();
        } else if (intent.revision > outcome.revision || outcome.state === 'failed') await begin(intent);
      }, intent.revision);
    },
    welcomed() {
      speaking = false;
      if (!trial) return;
      trial.isBack = true;
      act(keepIfProven, trial.revision);
    },
    check: look,
    status: () => (speaking ? statusNow() : undefined),
    stop: () => clearTimeout(trial?.timer),
  };
}

function problemOf(error: unknown): HostFirewallProblem {
  if (error instanceof NftError && error.code === 'missing') return { code: 'nft-missing', params: {} };
  return { code: 'nft-failed', params: { reason: describeError(error).slice(0, 500) } };
}
