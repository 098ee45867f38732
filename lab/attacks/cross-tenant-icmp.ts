import type { Attack } from '../src/attack.ts';
import { ping } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

export const crossTenantIcmp: Attack = {
  id: 'cross-tenant-icmp',
  title: 'Another tenant finds a VM with echo requests, IPv4 and IPv6',
  protects: 'tenant isolation',
  async run({ lab, cast: { attacker, stranger, victim } }) {
    const control = await ping(lab, attacker.name, addressOf(victim.ipv4));
    const answered: string[] = [];
    for (const address of [victim.ipv4, victim.ipv6].map(addressOf)) {
      if (await ping(lab, stranger.name, address)) answered.push(address);
    }
    return {
      succeeded: answered.length > 0,
      control,
      evidence: `echo answered by: ${answered.join(', ') || 'nobody'}`,
    };
  },
};
