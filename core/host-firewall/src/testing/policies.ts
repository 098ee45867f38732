import type { HostFirewallPolicy, HostFirewallRule, HostService } from '@hypervigil/model';
import fc from 'fast-check';

/** A policy that denies everything but what is told. */
export const policyOf = (fields: Partial<HostFirewallPolicy> = {}): HostFirewallPolicy => ({
  mode: 'enforce',
  inbound: 'deny',
  outbound: 'deny',
  sets: [],
  rules: [],
  keepSsh: true,
  ...fields,
});

export const ruleOf = (
  direction: 'in' | 'out',
  services: readonly HostService[],
  fields: Partial<HostFirewallRule> = {},
): HostFirewallRule => ({ direction, action: 'allow', services: [...services], peers: [], comment: '', ...fields });

/** Few ports and addresses, so that random rules and random packets meet. */
export const PORTS = [22, 80, 5900, 5905, 49_152, 49_200] as const;
export const PEERS = ['10.0.0.1', '10.0.0.2', '10.0.1.1', '10.9.9.9', 'fd00::1', 'fd00::2', 'fd00:1::1'] as const;
const CIDRS = [
  '10.0.0.0/30',
  '10.0.0.2',
  '10.0.0.0/8',
  '10.0.1.0/24',
  'fd00::/64',
  'fd00:1::/32',
  'fd00::2',
  '0.0.0.0/0',
];
const NAMES = ['managers', 'storage', 'nobody'] as const;

const service: fc.Arbitrary<HostService> = fc.oneof(
  fc.constantFrom<HostService>('ssh', 'http', 'displays', 'migration', 'dns'),
  fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    ports: fc.uniqueArray(fc.constantFrom('22', '80', '5900-5903', '5905', '1-1024', '49152-65535', '0-65535'), {
      maxLength: 3,
    }),
  }),
  fc.constantFrom<HostService>({ protocol: 'ip', number: 6 }, { protocol: 'icmp' }, { protocol: 'icmpv6', type: 128 }),
);
const action = fc.constantFrom('allow' as const, 'deny' as const);

/** Random policies over {@link PORTS} and {@link PEERS}. */
export const policies: fc.Arbitrary<HostFirewallPolicy> = fc.record({
  mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'observe' as const),
  inbound: action,
  outbound: action,
  sets: fc
    .tuple(...NAMES.map(() => fc.uniqueArray(fc.constantFrom(...CIDRS), { maxLength: 4 })))
    .map((lists) => NAMES.map((name, i) => ({ name, cidrs: name === 'nobody' ? [] : (lists[i] ?? []) }))),
  rules: fc.array(
    fc.record({
      direction: fc.constantFrom('in' as const, 'out' as const),
      action,
      services: fc.array(service, { maxLength: 3 }),
      peers: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
      comment: fc.constant(''),
    }),
    { maxLength: 8 },
  ),
  keepSsh: fc.boolean(),
});
