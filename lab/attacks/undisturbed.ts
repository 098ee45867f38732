import type { Attack } from '../src/attack.ts';
import { converseOften, whileAnswering } from '../src/conversation.ts';
import { LabError } from '../src/errors.ts';
import { waitFor } from '../src/wait.ts';

const SSH = 22;
/** More than a deployment signs in at once. */
const GUESSES = 80;
/** An alert names it within seconds, a playbook acts within seconds more, on a machine that runs a cloud beside. */
const PATIENCE = { timeoutMs: 90_000, everyMs: 1_000 };

export const undisturbedGuessing: Attack = {
  id: 'undisturbed-guessing',
  title: 'A VM that may sign in to another tries password after password, while nobody looks at alerts',
  protects: 'a playbook that cuts off whom an alert names',
  needsPolicy: true,
  async run({ lab, cast: { stranger: from, fellow: to }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack undisturbed-guessing needs a way to change the policy');
    const meeting = { from, to, port: SSH };
    let unguard: (() => Promise<void>) | undefined;
    try {
      return await whileAnswering(lab, to.name, SSH, async () => {
        await policy.allow(from.name, to.name, SSH);
        unguard = await policy.cutOffFor?.('brute-force');
        const beganMs = Date.now();
        const answered = await converseOften(lab, meeting, GUESSES);
        const control = answered > 0;
        const isCutOff = async () => (await converseOften(lab, meeting, 1)) === 0;
        const isCut = unguard
          ? await waitFor('nobody answers', isCutOff, PATIENCE).catch(() => false)
          : await isCutOff();
        const then = isCut
          ? `none ${Math.round((Date.now() - beganMs) / 1000)} s after it began`
          : 'so were others later';
        return { succeeded: !isCut, control, evidence: `${answered} of ${GUESSES} guesses were answered, ${then}` };
      });
    } finally {
      await unguard?.();
      await policy.release(from.name);
      await policy.revoke();
    }
  },
};
