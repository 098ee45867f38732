import type { VmRequest } from '../../src/index.ts';

/** One VM on each host, of one tenant, with a long connection between them. */
export function smallCloud(): VmRequest[] {
  const common = { tenant: 'acme', network: 'prod', vlan: 100 };
  return [
    {
      ...common,
      host: 'h1',
      name: 'left',
      ipv4: '10.77.0.11/24',
      ipv6: 'fd77::11/64',
      traffic: [{ serve: 'db', port: 5432 }],
    },
    {
      ...common,
      host: 'h2',
      name: 'right',
      ipv4: '10.77.0.12/24',
      ipv6: 'fd77::12/64',
      traffic: [{ call: 'db', to: '10.77.0.11', port: 5432, everyS: 0.2 }],
    },
  ];
}
