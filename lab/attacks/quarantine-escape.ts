import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { whileTicking } from '../src/ticking.ts';

const PORT = 7778;

export const quarantineEscape: Attack = {
  id: 'quarantine-escape',
  title: 'A quarantined VM goes on talking over a connection that it has',
  protects: 'quarantine',
  needsPolicy: true,
  async run({ lab, cast: { stranger, victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack quarantine-escape needs a way to quarantine');
    const open = () => policy.allow(stranger.name, victim.name, PORT);
    try {
      return await whileTicking({ lab, from: stranger, to: victim, port: PORT, open }, async (arriving) => {
        await policy.quarantine(stranger.name);
        const lines = await arriving();
        return {
          succeeded: lines > 0,
          control: true,
          evidence: `${lines} lines arrived from the quarantined VM in 3 s`,
        };
      });
    } finally {
      await policy.release(stranger.name);
      await policy.revoke();
    }
  },
};
