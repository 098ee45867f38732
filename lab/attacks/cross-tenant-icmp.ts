import type { Attack } from '../src/attack.ts';
import { ping } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

export const crossTenantIcmp: Attack = {
  id: 'cross-tenant-icmp',
  title: 'Another tenant finds a VM with echo requests, IPv4 and IPv6',
  protects: 'tenant isolation',
  async run({ lab, cast: { stranger, victim } }) {
    const answered: string[] = [];
    for (const address of [victim.ipv4, victim.ipv6].map(addressOf)) {
      if (await ping(lab, stranger.name, address)) answered.push(address);
    }
    return { succeeded: answered.length > 0, evidence: `echo answered by: ${answered.join(', ') || 'nobody'}` };
  },
};
