import type { AlertCode } from '@hypervigil/model';
import type { Attack, AttackContext, Cast, PolicyHooks } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import type { VmSpec } from '../src/vm/spec.ts';
import { waitFor } from '../src/wait.ts';

/** Attacks that no rule stops, because each packet of them is allowed: an alert has to name them. */

/** Flows are told every few seconds, names by gateways in batches, and judged on a machine that runs a cloud beside. */
const PATIENCE = { timeoutMs: 90_000, everyMs: 500 };

interface Done {
  /** Whether it was carried out: where nobody judges flows, it succeeded then. */
  readonly isDone: boolean;
  readonly evidence: string;
}

interface Unstopped extends Pick<Attack, 'id' | 'title'> {
  /** How it is to be named. */
  readonly code: AlertCode;
  readonly by: (cast: Cast) => VmSpec;
  readonly carryOut: (context: AttackContext, policy: PolicyHooks) => Promise<Done>;
}

export const unstopped = ({ id, title, code, by, carryOut }: Unstopped): Attack => ({
  ...{ id, title, protects: `an alert that names it: ${code}`, needsPolicy: true },
  async run(context) {
    const { policy } = context;
    if (!policy) throw new LabError('LAB_USAGE', `The attack ${id} needs a way to change the policy`);
    const beganMs = Date.now();
    try {
      const { isDone, evidence } = await carryOut(context, policy);
      if (!isDone || policy.alertsOf === undefined) return { succeeded: true, control: isDone, evidence };
      const noticed = await isNoticed(policy.alertsOf, by(context.cast).name, code, beganMs);
      return { succeeded: !noticed.isTold, control: true, evidence: `${evidence}; ${noticed.evidence}` };
    } finally {
      await policy.revoke();
    }
  },
});

/** Whether an alert names what a VM has been doing since then; waits as long as that may take. */
export async function isNoticed(
  alertsOf: NonNullable<PolicyHooks['alertsOf']>,
  vm: string,
  code: AlertCode,
  beganMs: number,
): Promise<{ readonly isTold: boolean; readonly evidence: string }> {
  let told: readonly AlertCode[] = [];
  const isTold = async () => {
    told = await alertsOf(vm, beganMs);
    return told.includes(code);
  };
  await waitFor('an alert', isTold, PATIENCE).catch(() => undefined);
  if (!told.includes(code))
    return { isTold: false, evidence: `no alert says ${code}; alerts: ${told.join(', ') || 'none'}` };
  const seconds = Math.round((Date.now() - beganMs) / 1000);
  return { isTold: true, evidence: `an alert was there ${seconds} s after it began` };
}
