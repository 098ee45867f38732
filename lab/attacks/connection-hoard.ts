import type { Attack } from '../src/attack.ts';
import { addressOf } from '../src/vm/spec.ts';
import { floodTable } from './flooding.ts';

export const connectionHoard: Attack = {
  id: 'connection-hoard',
  title: 'A tenant has so many connections that its host can remember none of another tenant on another network',
  protects: 'share of each network of the table of connections',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, stranger, fellow, httpPort: port, webPort }, policy }) {
    const honest = { from: fellow.name, to: stranger.name, address: addressOf(stranger.ipv4), port: webPort };
    try {
      const allow = () => policy?.apart({ from: attacker.name, to: victim.name, port }, honest);
      return await floodTable(lab, { attacker, victim, port, at: attacker, room: 600, honest, allow });
    } finally {
      await policy?.revoke();
    }
  },
};
