import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { whileTicking } from '../src/ticking.ts';

const PORT = 7777;

export const revokedConnection: Attack = {
  id: 'revoked-connection',
  title: 'A connection goes on after the rule that allowed it is revoked',
  protects: 'revocation cuts connections',
  needsPolicy: true,
  async run({ lab, cast: { stranger, victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack revoked-connection needs a way to allow and to revoke');
    const open = () => policy.allow(stranger.name, victim.name, PORT);
    return whileTicking({ lab, from: stranger, to: victim, port: PORT, open }, async (arriving) => {
      await policy.revoke();
      const lines = await arriving();
      return {
        succeeded: lines > 0,
        control: true,
        evidence: `${lines} lines arrived in 3 s after the rule was revoked`,
      };
    });
  },
};
