import type { Packet } from '@hypervigil/policy';
import fc from 'fast-check';
import type { TestVm } from './worlds.ts';

/** Pods in two namespaces, and what Kubernetes says of a packet between them: held against what is imported. */

interface Pod {
  namespace: string;
  labels: Record<string, string>;
}
interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Port {
  protocol: 'TCP' | 'UDP';
  port?: number;
  endPort?: number;
}
interface NetworkPolicy {
  metadata: { name: string; namespace: string };
  spec: {
    podSelector: Selector;
    policyTypes: string[];
    ingress: { from?: Peer[]; ports?: Port[] }[];
    egress: { to?: Peer[]; ports?: Port[] }[];
  };
}
interface AdminRule {
  action: 'Allow' | 'Deny' | 'Pass';
  peers: { namespaces: Selector }[];
  port: Port | null;
}
interface AdminPolicy {
  priority: number | null;
  subject: Selector;
  ingress: AdminRule[];
  egress: AdminRule[];
}

const NAMESPACES: Record<string, Record<string, string>> = { front: { team: 'a' }, back: { team: 'b' } };
const PODS: Pod[] = [
  { namespace: 'front', labels: { app: 'web' } },
  { namespace: 'front', labels: { app: 'api', debug: 'yes' } },
  { namespace: 'back', labels: { app: 'web' } },
  { namespace: 'back', labels: {} },
];
export const VMS: TestVm[] = PODS.map(({ namespace, labels }, i) => ({
  address: `10.0.1.${i + 1}`,
  address6: `2001:db8:1::${i + 1}`,
  tags: { ...labels, 'kubernetes.namespace': namespace },
}));

const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Record<string, string>) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists' || operator === 'DoesNotExist') return (value !== undefined) === (operator === 'Exists');
    return (value !== undefined && values.includes(value)) === (operator === 'In');
  });
const selectsNamespace = (selector: Selector, namespace: string) =>
  selects(selector, { ...NAMESPACES[namespace], 'kubernetes.io/metadata.name': namespace });
export const podOf = (address: string) =>
  PODS[VMS.findIndex((vm) => vm.address === address || vm.address6 === address)];

/** What the two API documents say, read aloud, for the end `here` of a packet whose other end is `there`. */
export function lets(
  world: World,
  direction: 'ingress' | 'egress',
  here: string,
  there: string,
  packet: Packet,
): boolean {
  const pod = podOf(here);
  if (!pod) return true;
  const other = podOf(there);
  const onPort = ({ protocol, port, endPort }: Port) =>
    packet.protocol === { TCP: 6, UDP: 17 }[protocol] &&
    (port === undefined || (packet.port! >= port && packet.port! <= (endPort ?? port)));
  const admin = (policies: readonly AdminPolicy[]) =>
    policies
      .filter(({ subject }) => selectsNamespace(subject, pod.namespace))
      .flatMap((policy) => policy[direction])
      .find(
        ({ peers, port }) =>
          other !== undefined &&
          peers.some(({ namespaces }) => selectsNamespace(namespaces, other.namespace)) &&
          (port === null || onPort(port)),
      )?.action;
  const first = admin(world.admin.toSorted((a, b) => a.priority! - b.priority!));
  if (first === 'Allow' || first === 'Deny') return first === 'Allow';
  const isPeer = ({ podSelector, namespaceSelector, ipBlock }: Peer, namespace: string) => {
    if (ipBlock)
      return (
        (ipBlock.cidr === '0.0.0.0/0' ? !there.includes(':') : there.startsWith('10.0.1.')) &&
        !(ipBlock.except ?? []).includes(`${there}/32`)
      );
    const inNamespace = namespaceSelector
      ? other && selectsNamespace(namespaceSelector, other.namespace)
      : other?.namespace === namespace;
    return inNamespace === true && selects(podSelector ?? {}, other!.labels);
  };
  const isolating = world.policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      selects(spec.podSelector, pod.labels) &&
      spec.policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress'),
  );
  if (isolating.length > 0)
    return isolating.some(({ metadata, spec }) =>
      spec[direction].some((rule) => {
        const peers = 'from' in rule ? rule.from : 'to' in rule ? rule.to : undefined;
        return (
          (!peers?.length || peers.some((peer) => isPeer(peer, metadata.namespace))) &&
          (!rule.ports?.length || rule.ports.some(onPort))
        );
      }),
    );
  return admin(world.baseline) !== 'Deny';
}

interface World {
  policies: NetworkPolicy[];
  admin: AdminPolicy[];
  baseline: AdminPolicy[];
}

const labels = fc.constantFrom<Selector>(
  {},
  { matchLabels: { app: 'web' } },
  { matchLabels: { app: 'api', debug: 'yes' } },
  { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] },
  { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api', 'db'] }] },
  { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'debug', operator: 'DoesNotExist' }] },
  { matchExpressions: [{ key: 'debug', operator: 'Exists' }] },
);
const namespaces = fc.constantFrom<Selector>(
  {},
  { matchLabels: { team: 'a' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'back' } },
  { matchLabels: { team: 'nobody' } },
  { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] },
  { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
);
const peer: fc.Arbitrary<Peer> = fc.oneof(
  labels.map((podSelector) => ({ podSelector })),
  namespaces.map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ podSelector: labels, namespaceSelector: namespaces }),
  fc.constantFrom<Peer>(
    { ipBlock: { cidr: '0.0.0.0/0' } },
    { ipBlock: { cidr: '10.0.1.0/24', except: ['10.0.1.2/32'] } },
  ),
);
const port = fc.constantFrom<Port>(
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 22, endPort: 443 },
  { protocol: 'UDP' },
);
const sides = <Side extends string>(side: Side) =>
  fc.array(
    fc.record({ [side]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) } as Record<
      Side,
      fc.Arbitrary<Peer[]>
    > & { ports: fc.Arbitrary<Port[]> }),
    { maxLength: 2 },
  );
const policy: fc.Arbitrary<NetworkPolicy> = fc.record({
  metadata: fc.record({ name: fc.constantFrom('p', 'q'), namespace: fc.constantFrom('front', 'back') }),
  spec: fc.record({
    podSelector: labels,
    policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: sides('from'),
    egress: sides('to'),
  }) as fc.Arbitrary<NetworkPolicy['spec']>,
});
const adminRule = (...actions: AdminRule['action'][]): fc.Arbitrary<AdminRule> =>
  fc.record({
    action: fc.constantFrom(...actions),
    peers: fc.array(
      namespaces.map((one) => ({ namespaces: one })),
      { minLength: 1, maxLength: 2 },
    ),
    port: fc.option(port),
  });
const adminPolicy = (priority: number | null, ...actions: AdminRule['action'][]): fc.Arbitrary<AdminPolicy> =>
  fc.record({
    priority: fc.constant(priority),
    subject: namespaces,
    ingress: fc.array(adminRule(...actions), { maxLength: 2 }),
    egress: fc.array(adminRule(...actions), { maxLength: 2 }),
  });
export const world: fc.Arbitrary<World> = fc.record({
  policies: fc.array(policy, { maxLength: 3 }),
  admin: fc
    .constantFrom(0, 0, 1, 2)
    .chain((count) =>
      fc
        .tuple(adminPolicy(20, 'Allow', 'Deny', 'Pass'), adminPolicy(10, 'Allow', 'Deny', 'Pass'))
        .map((both) => both.slice(0, count)),
    ),
  baseline: fc.array(adminPolicy(null, 'Allow', 'Deny'), { maxLength: 1 }),
});

export function print({ policies, admin, baseline }: World): string {
  const rule =
    (side: string) =>
    ({ action, peers, port }: AdminRule) => ({
      action,
      [side]: peers,
      ...(port === null
        ? {}
        : {
            ports: [
              port.port === undefined || port.endPort !== undefined
                ? { portRange: { protocol: port.protocol, start: port.port ?? 0, end: port.endPort ?? 65535 } }
                : { portNumber: port },
            ],
          }),
    });
  const adminObject = (kind: string, { priority, subject, ingress, egress }: AdminPolicy, i: number) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind,
    metadata: { name: `${kind}-${i}` },
    spec: {
      ...(priority === null ? {} : { priority }),
      subject: { namespaces: subject },
      ingress: ingress.map(rule('from')),
      egress: egress.map(rule('to')),
    },
  });
  return [
    ...Object.entries(NAMESPACES).map(([name, labels]) => ({ kind: 'Namespace', metadata: { name, labels } })),
    ...policies.map((one) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...one })),
    ...admin.map((one, i) => adminObject('AdminNetworkPolicy', one, i)),
    ...baseline.map((one, i) => adminObject('BaselineAdminNetworkPolicy', one, i)),
  ]
    .map((one) => JSON.stringify(one, null, 1))
    .join('\n---\n');
}
