import type { Attack } from '../src/attack.ts';
import { addressOf } from '../src/vm/spec.ts';
import { floodTable } from './flooding.ts';

export const synFlood: Attack = {
  id: 'syn-flood',
  title: 'A VM begins connections that it never goes on with, until the host can remember no others',
  protects: 'limit of new connections',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, peer, httpPort: port }, policy }) {
    const honest = { from: peer.name, to: victim.name, address: addressOf(victim.ipv4), port };
    try {
      const allow = () => policy?.bound(attacker.name, [attacker.name, peer.name], victim.name, port);
      return await floodTable(lab, { attacker, victim, port, at: victim, room: 500, honest, allow });
    } finally {
      await policy?.revoke();
    }
  },
};
