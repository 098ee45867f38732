import type { Attack } from '../src/attack.ts';
import { httpStatus } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

export const crossTenantTcp: Attack = {
  id: 'cross-tenant-tcp',
  title: 'Another tenant opens a web server, IPv4 and IPv6',
  protects: 'tenant isolation',
  async run({ lab, cast: { stranger, victim, httpPort } }) {
    const control = (await httpStatus(lab, victim.name, addressOf(victim.ipv4), httpPort)) !== undefined;
    const seen: string[] = [];
    for (const address of [victim.ipv4, victim.ipv6].map(addressOf)) {
      const status = await httpStatus(lab, stranger.name, address, httpPort);
      if (status) seen.push(`${address} answered ${status}`);
    }
    return { succeeded: seen.length > 0, control, evidence: seen.join('; ') || 'no answer on either family' };
  },
};
