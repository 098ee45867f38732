import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { whileTicking } from '../src/ticking.ts';
import { ping } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

const PORT = 7778;

export const quarantineEscape: Attack = {
  id: 'quarantine-escape',
  title: 'A quarantined VM goes on talking over a connection that it has',
  protects: 'quarantine',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, peer }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack quarantine-escape needs a way to quarantine');
    const open = () => policy.allow(attacker.name, victim.name, PORT);
    try {
      return await whileTicking({ lab, from: attacker, to: victim, port: PORT, open }, async (arriving) => {
        await policy.quarantine(attacker.name);
        const isAnswered = await ping(lab, attacker.name, addressOf(peer.ipv4));
        const lines = await arriving();
        return {
          succeeded: lines > 0 || isAnswered,
          control: true,
          evidence: `${lines} lines arrived from the quarantined VM in 3 s; its ping was ${isAnswered ? '' : 'not '}answered`,
        };
      });
    } finally {
      await policy.release(attacker.name);
      await policy.revoke();
    }
  },
};
