import { ATTACKS } from '../attacks/all.ts';
import type { Attack, AttackContext, Cast, PolicyHooks } from './attack.ts';
import { DB_METRICS_PORT } from './demo.ts';
import { LabError } from './errors.ts';
import { type Lab, labState } from './lab.ts';

/** How to take the protections away, and how to put them back. Each resolves when it is so on every host. */
export interface Protections {
  readonly off: () => Promise<void>;
  /** Absent where there is nothing that protects: then only the attacks are proven to work. */
  readonly on?: () => Promise<void>;
  /** For attacks on revoked rules, in each of the two modes. */
  readonly policyOff?: PolicyHooks;
  readonly policyOn?: PolicyHooks;
}

/** `error`: the attack could not be carried out, which proves nothing either way. `not-run`: what it needs is not here. */
export interface Outcome {
  readonly outcome: 'succeeded' | 'stopped' | 'error' | 'not-run';
  readonly evidence: string;
}

export interface VerifyRow {
  readonly id: string;
  readonly title: string;
  readonly protects: string;
  readonly off: Outcome;
  /** null when there was no protection to switch on. */
  readonly on: Outcome | null;
  /** Succeeded with the protection off, and stopped with it on; null when it was not run. */
  readonly pass: boolean | null;
}

/** Whether the protections hold, as far as attacks were run at all. */
export const isWell = (rows: readonly VerifyRow[]): boolean =>
  rows.every(({ pass }) => pass !== false) && rows.some(({ pass }) => pass === true);

export interface VerifyOptions {
  readonly lab: Lab;
  readonly protections: Protections;
  /** Ids of attacks; all unless told. */
  readonly only?: readonly string[];
  readonly cast?: Cast;
  readonly onRow?: (row: VerifyRow) => void;
}

/** The parts of the demo cloud's VMs; its policy lets web and app ask db for names, and tiers ping each other. */
function demoCast(lab: Lab): Cast {
  const { vms } = labState(lab);
  const play = (name: string) => {
    const vm = vms[name];
    if (!vm)
      throw new LabError('LAB_VM', `VM ${name} is missing: attacks play in the demo cloud, or with a cast of your own`);
    return vm.spec;
  };
  return {
    attacker: play('app1'),
    victim: play('db1'),
    peer: play('web1'),
    stranger: play('shop1'),
    fellow: play('cache1'),
    udpPort: 53,
    httpPort: DB_METRICS_PORT,
    webPort: 80,
  };
}

export function chooseAttacks(only: readonly string[] | undefined, withPolicy: boolean): readonly Attack[] {
  const unknown = only?.find((id) => !ATTACKS.some((a) => a.id === id));
  if (unknown)
    throw new LabError('LAB_USAGE', `No attack ${unknown}; there are ${ATTACKS.map((a) => a.id).join(', ')}`);
  return ATTACKS.filter((a) => (only ? only.includes(a.id) : withPolicy || !a.needsPolicy));
}

/** Runs each attack with the protections off, then on, and says which are stopped. Leaves the protections on. */
export async function verify(options: VerifyOptions): Promise<VerifyRow[]> {
  const { lab, protections } = options;
  const cast = options.cast ?? demoCast(lab);
  const withPolicy = protections.policyOff !== undefined && (!protections.on || protections.policyOn !== undefined);
  const attacks = chooseAttacks(options.only, withPolicy);
  const context = (policy: PolicyHooks | undefined): AttackContext => ({ lab, cast, ...(policy && { policy }) });
  const rows: VerifyRow[] = [];
  const tell = (row: VerifyRow) => {
    rows.push(row);
    options.onRow?.(row);
  };
  for (const attack of attacks) {
    const { id, title, protects } = attack;
    const lacks = attack.lacks?.(protections.policyOn ?? protections.policyOff);
    if (lacks !== undefined) {
      tell({ id, title, protects, off: { outcome: 'not-run', evidence: lacks }, on: null, pass: null });
      continue;
    }
    let off: Outcome;
    try {
      await protections.off();
      off = await attempt(attack, context(protections.policyOff));
    } finally {
      // Before the next: what an attack leaves behind, such as a VM that moved, is seen by engines that run.
      await protections.on?.();
    }
    const on = protections.on ? await attempt(attack, context(protections.policyOn)) : null;
    const pass = off.outcome === 'succeeded' && (on === null || on.outcome === 'stopped');
    tell({ id, title, protects, off, on, pass });
  }
  return rows;
}

async function attempt(attack: Attack, context: AttackContext): Promise<Outcome> {
  try {
    const { succeeded, control, evidence } = await attack.run(context);
    if (!control) return { outcome: 'error', evidence: `honest traffic does not pass either; ${evidence}` };
    return { outcome: succeeded ? 'succeeded' : 'stopped', evidence };
  } catch (error) {
    return { outcome: 'error', evidence: error instanceof Error ? error.message : String(error) };
  }
}
