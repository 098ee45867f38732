import type { HostFirewall, HostFirewallDefault, HostFirewallPolicy, HostFirewallStatus } from '@hypervigil/model';
import { ago, HOUR, uuid } from './make.ts';

const count = (packets: number) => ({ packets, bytes: packets * 90 });

export const demoPolicy: HostFirewallPolicy = {
  mode: 'enforce',
  inbound: 'deny',
  outbound: 'allow',
  sets: [
    { name: 'operators', cidrs: ['203.0.113.0/26'] },
    { name: '宿主机', cidrs: ['192.0.2.0/24', '2001:db8:1::/64'] },
  ],
  rules: [
    { direction: 'in', action: 'allow', services: ['ssh', 'ping'], peers: ['operators'], comment: 'CHG-1017' },
    {
      direction: 'in',
      action: 'allow',
      services: ['libvirt-tls', 'migration', 'overlay'],
      peers: ['宿主机'],
      comment: '',
    },
    { direction: 'out', action: 'deny', services: [{ protocol: 'tcp', ports: ['25'] }], peers: [], comment: 'No mail' },
  ],
  keepSsh: true,
};

const status = (part: Partial<HostFirewallStatus>): HostFirewallStatus => ({
  revision: 3,
  state: 'kept',
  problem: null,
  kept: 3,
  repairs: 0,
  rules: [count(18_240), count(964_113), count(0)],
  inbound: count(412),
  outbound: count(88_917),
  unknown: [],
  ...part,
});

export const demoFirewallDefault = (): HostFirewallDefault => ({
  revision: 3,
  policy: demoPolicy,
  trialSeconds: 60,
  confirmed: true,
  changedAt: ago(5 * HOUR),
  changedBy: 'admin',
});

/** The first host is in the middle of a trial, the second has the default. */
export const demoFirewalls = (): HostFirewall[] => [
  {
    ...demoFirewallDefault(),
    hostId: uuid('host', 1),
    hostName: 'kvm-01',
    inherited: false,
    revision: 4,
    policy: { ...demoPolicy, mode: 'observe' },
    trialSeconds: 600,
    confirmed: false,
    changedAt: ago(0),
    status: status({
      revision: 4,
      state: 'trial',
      unknown: [
        { protocol: 'tcp', address: '0.0.0.0', port: 9100, process: 'node_exporter' },
        { protocol: 'udp', address: '::', port: 5353, process: null },
      ],
    }),
  },
  {
    ...demoFirewallDefault(),
    hostId: uuid('host', 2),
    hostName: 'kvm-02',
    inherited: true,
    status: status({ repairs: 1 }),
  },
];
