import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { watchInspection } from '../src/inspection-watch.ts';
import { ping } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

const PORT = 7779;

export const gatewayGap: Attack = {
  id: 'gateway-gap',
  title: 'Traffic slips by uninspected while its gateway is exchanged for another',
  protects: 'rules that fail closed',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack gateway-gap needs a way to change the policy');
    const stream = { marker: 'hv-gateway-gap', from: attacker, to: victim, port: PORT };
    try {
      await policy.inspect(attacker.name, victim.name, PORT);
      const { arrived, passed } = await watchInspection(lab, stream, async ({ arriving }) => {
        await arriving();
        await policy.restartGateways?.();
        await arriving();
      });
      const slipped = arrived.difference(passed).size;
      const evidence = `${slipped} of ${arrived.size} packets that reached ${victim.name} had passed no gateway`;
      return { succeeded: slipped > 0, control: await ping(lab, attacker.name, addressOf(victim.ipv4)), evidence };
    } finally {
      await policy.revoke();
    }
  },
};
