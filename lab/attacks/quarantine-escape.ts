import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { ping, startInGuest } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestExec, guestOk } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

const PORT = 7778;

export const quarantineEscape: Attack = {
  id: 'quarantine-escape',
  title: 'A quarantined VM goes on talking over a connection that it has',
  protects: 'quarantine',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, peer }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack quarantine-escape needs a way to quarantine');
    const received = async () =>
      (await guestExec(lab, victim.name, ['cat', '/run/received'])).stdout.split('\n').length;
    try {
      await guestOk(lab, victim.name, ['sh', '-c', ': >/run/received']);
      // nc hangs up when its own input ends.
      const listen = ['sh', '-c', 'sleep 120 | nc -l -p "$1"', 'listen', String(PORT)];
      await startInGuest(lab, victim.name, listen, '/run/received');
      await policy.allow(attacker.name, victim.name, PORT);
      const talk = 'while :; do echo tick; sleep 0.1; done | nc "$1" "$2"';
      const target = addressOf(victim.ipv4);
      await startInGuest(lab, attacker.name, ['sh', '-c', talk, 'talk', target, String(PORT)], '/dev/null');
      await waitFor('the connection carries data', async () => (await received()) > 5, {
        timeoutMs: 60_000,
        everyMs: 200,
      });
      await policy.quarantine(attacker.name);
      // What was on its way then may still arrive; what is sent from now on may not.
      await guestOk(lab, victim.name, ['sleep', '1']);
      const before = await received();
      const isAnswered = await ping(lab, attacker.name, addressOf(peer.ipv4));
      await guestOk(lab, victim.name, ['sleep', '3']);
      const lines = (await received()) - before;
      return {
        succeeded: lines > 0 || isAnswered,
        control: true,
        evidence: `${lines} lines arrived from the quarantined VM in 3 s; its ping was ${isAnswered ? '' : 'not '}answered`,
      };
    } finally {
      await policy.release(attacker.name);
      await policy.revoke();
      await guestExec(lab, attacker.name, ['killall', 'nc']);
      await guestExec(lab, victim.name, ['killall', 'nc']);
    }
  },
};
