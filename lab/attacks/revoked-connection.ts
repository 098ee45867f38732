import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { startInGuest } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestExec, guestOk } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

const PORT = 7777;

export const revokedConnection: Attack = {
  id: 'revoked-connection',
  title: 'A connection goes on after the rule that allowed it is revoked',
  protects: 'revocation cuts connections',
  needsPolicy: true,
  async run({ lab, cast: { stranger, victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack revoked-connection needs a way to allow and to revoke');
    const received = async () =>
      (await guestExec(lab, victim.name, ['cat', '/run/received'])).stdout.split('\n').length;
    try {
      await guestOk(lab, victim.name, ['sh', '-c', ': >/run/received']);
      // nc hangs up when its own input ends.
      const listen = ['sh', '-c', 'sleep 120 | nc -l -p "$1"', 'listen', String(PORT)];
      await startInGuest(lab, victim.name, listen, '/run/received');
      await policy.allow(stranger.name, victim.name, PORT);
      const talk = 'while :; do echo tick; sleep 0.1; done | nc "$1" "$2"';
      await startInGuest(
        lab,
        stranger.name,
        ['sh', '-c', talk, 'talk', addressOf(victim.ipv4), String(PORT)],
        '/dev/null',
      );
      await waitFor('the connection carries data', async () => (await received()) > 5, {
        timeoutMs: 60_000,
        everyMs: 200,
      });
      await policy.revoke();
      // What was on its way when the rule went may still arrive; what is sent from now on may not.
      await guestOk(lab, victim.name, ['sleep', '1']);
      const before = await received();
      await guestOk(lab, victim.name, ['sleep', '3']);
      const after = await received();
      return {
        succeeded: after > before,
        control: true,
        evidence: `${after - before} lines arrived in 3 s after the rule was revoked`,
      };
    } finally {
      await guestExec(lab, stranger.name, ['killall', 'nc']);
      await guestExec(lab, victim.name, ['killall', 'nc']);
    }
  },
};
