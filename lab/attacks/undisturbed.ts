import type { Attack } from '../src/attack.ts';
import { converseOften, whileAnswering } from '../src/conversation.ts';
import { LabError } from '../src/errors.ts';

const SSH = 22;
/** Guesses of one round; where nobody answers any more, each takes five seconds. */
const ROUND = 5;
/** More than a deployment signs in at once, several times over: an alert comes after forty. */
const ROUNDS = 40;

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
        const seconds = () => Math.round((Date.now() - beganMs) / 1000);
        let answered = 0;
        for (let round = 0; round < ROUNDS; round++) {
          const [before, heard] = [seconds(), await converseOften(lab, meeting, ROUND)];
          answered += heard;
          if (heard > 0) continue;
          const evidence = `${answered} guesses were answered, and none from ${before} s on`;
          return { succeeded: false, control: answered > 0, evidence };
        }
        return { succeeded: true, control: true, evidence: `${answered} guesses were answered within ${seconds()} s` };
      });
    } finally {
      await unguard?.();
      await policy.release(from.name);
      await policy.revoke();
    }
  },
};
