import type { VmRequest } from './vm/spec.ts';
import type { Traffic } from './vm/traffic.ts';

const WEB1 = '10.77.0.11';
const APP1 = '10.77.0.12';
const DB1 = '10.77.0.13';
const CACHE1 = '10.77.0.22';

/** Where db1 shows its metrics over HTTP, as a PostgreSQL exporter does. */
export const DB_METRICS_PORT = 9187;

const vm = (host: string, name: string, tenant: string, last: number, tier: string, traffic: Traffic): VmRequest => ({
  host,
  name,
  tenant,
  tags: { tier, env: 'prod' },
  network: 'prod',
  vlan: 100,
  ipv4: `10.77.0.${last}/24`,
  ipv6: `fd77::${last}/64`,
  memoryMiB: 128,
  traffic,
});

/**
 * The cloud that `hv up` shows: two tenants on two hosts, all in one network, so that what keeps them apart is policy
 * and not a VLAN. Inside a tenant the traffic of a web shop; from globex also what it must not do to acme.
 */
export function demoCloud(): VmRequest[] {
  return [
    vm('h1', 'web1', 'acme', 11, 'web', [
      { serve: 'http', port: 80 },
      { call: 'http', to: APP1, port: 8080, everyS: 0.8 },
      { call: 'http', to: 'fd77::12', port: 8080, everyS: 3 },
      { call: 'dns', to: DB1, port: 53, everyS: 2 },
    ]),
    vm('h2', 'app1', 'acme', 12, 'app', [
      { serve: 'http', port: 8080 },
      { call: 'db', to: DB1, port: 5432, everyS: 0.4 },
      { call: 'dns', to: DB1, port: 53, everyS: 2 },
      { call: 'http', to: WEB1, port: 80, everyS: 5 },
    ]),
    vm('h1', 'db1', 'acme', 13, 'db', [
      { serve: 'db', port: 5432 },
      { serve: 'dns', port: 53 },
      { serve: 'http', port: DB_METRICS_PORT },
      { call: 'ping', to: APP1, everyS: 10 },
    ]),
    vm('h2', 'shop1', 'globex', 21, 'web', [
      { serve: 'http', port: 80 },
      { call: 'db', to: CACHE1, port: 6379, everyS: 0.5 },
      { call: 'bulk', to: CACHE1, port: 873, everyS: 60 },
      // What tenant isolation denies.
      { call: 'http', to: WEB1, port: 80, everyS: 7 },
      { call: 'db', to: DB1, port: 5432, everyS: 11 },
      { call: 'ping', to: 'fd77::13', everyS: 13 },
    ]),
    vm('h1', 'cache1', 'globex', 22, 'cache', [
      { serve: 'db', port: 6379 },
      { serve: 'bulk', port: 873 },
      { call: 'http', to: '10.77.0.21', port: 80, everyS: 4 },
    ]),
  ];
}
