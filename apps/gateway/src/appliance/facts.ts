import { readFileSync, statSync } from 'node:fs';
import { GATEWAY_ROLES, type GatewayMessage, type GatewayRole, type GatewayState } from '@hypervigil/contract';

const text = (path: string): string => readFileSync(path, 'utf8').trim();
const number = (path: string): number => Number(text(path));
const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const linkOf = (role: GatewayRole) => `/sys/class/net/${role}`;
export const rolesPresent = (): GatewayRole[] => GATEWAY_ROLES.filter((role) => exists(linkOf(role)));
export const mtuOf = (role: GatewayRole): number => number(`${linkOf(role)}/mtu`);

type Ready = Extract<GatewayMessage, { type: 'ready' }>;

export function identity(): Pick<Ready, 'build' | 'kernel' | 'versions' | 'interfaces'> {
  const { node, v8, openssl, zlib } = process.versions;
  return {
    build: text('/app/build'),
    kernel: text('/proc/sys/kernel/osrelease'),
    versions: { gateway: text('/app/version'), node, v8: v8 ?? '', openssl: openssl ?? '', zlib: zlib ?? '' },
    interfaces: rolesPresent().map((role) => ({ role, mac: text(`${linkOf(role)}/address`), mtu: mtuOf(role) })),
  };
}

export function load(): Pick<GatewayState, 'uptimeS' | 'load' | 'memoryKiB' | 'connections' | 'interfaces'> {
  const memory = text('/proc/meminfo');
  const kiB = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(memory)?.[1] ?? 0);
  return {
    uptimeS: Number(text('/proc/uptime').split(' ')[0]),
    load: Number(text('/proc/loadavg').split(' ')[0]),
    memoryKiB: { total: kiB('MemTotal'), available: kiB('MemAvailable') },
    connections: {
      count: number('/proc/sys/net/netfilter/nf_conntrack_count'),
      max: number('/proc/sys/net/netfilter/nf_conntrack_max'),
    },
    interfaces: rolesPresent().map((role) => {
      const statistic = (name: string) => number(`${linkOf(role)}/statistics/${name}`);
      return {
        role,
        rxPackets: statistic('rx_packets'),
        rxBytes: statistic('rx_bytes'),
        rxDropped: statistic('rx_dropped'),
        txPackets: statistic('tx_packets'),
        txBytes: statistic('tx_bytes'),
        txDropped: statistic('tx_dropped'),
      };
    }),
  };
}
