import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Packet } from '@hypervigil/policy';
import fc from 'fast-check';
import { importKubernetes } from '../src/importers/kubernetes.ts';
import { writeDocument } from '../src/index.ts';
import { fuzz, runs } from './states.ts';
import { cloudOf, imported, packets, readable, type TestVm, verdict } from './worlds.ts';

const OPTIONS = { tenant: null, order: 100 };

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
const VMS: TestVm[] = PODS.map(({ namespace, labels }, i) => ({
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
const podOf = (address: string) => PODS[VMS.findIndex((vm) => vm.address === address || vm.address6 === address)];

/** What the two API documents say, read aloud, for the end `here` of a packet whose other end is `there`. */
function lets(world: World, direction: 'ingress' | 'egress', here: string, there: string, packet: Packet): boolean {
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
const world: fc.Arbitrary<World> = fc.record({
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

function print({ policies, admin, baseline }: World): string {
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

test('policies mean what Kubernetes means; a pass that cannot be said is reported', () => {
  const seen = { true: 0, false: 0, reported: 0 };
  fc.assert(
    fc.property(world, fc.array(packets(VMS), { minLength: 20, maxLength: 20 }), (one, sent) => {
      const text = print(one);
      const { document, report } = imported(importKubernetes([{ name: 'k8s.yaml', text }], OPTIONS));
      if (report.some(({ outcome }) => outcome === 'not-mapped')) {
        assert.ok(report.every(({ reason, opens }) => opens === (reason?.code === 'pass-before-more')));
        seen.reported++;
        return;
      }
      const cloud = cloudOf(document, VMS);
      for (const packet of sent) {
        if (!podOf(packet.src) && !podOf(packet.dst)) continue;
        const expected =
          lets(one, 'egress', packet.src, packet.dst, packet) && lets(one, 'ingress', packet.dst, packet.src, packet);
        const found = verdict(cloud, packet) === 'allow';
        assert.equal(found, expected, `${JSON.stringify(packet)}\n${text}\n${writeDocument(document)}`);
        seen[`${expected}`]++;
      }
    }),
    runs(40),
  );
  assert.ok(seen.true > 20 && seen.false > 20, JSON.stringify(seen));
});

/** The example of Kubernetes' own documentation, and two admin policies. */
const DOCUMENTED = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: test-network-policy
  namespace: default
spec:
  podSelector:
    matchLabels:
      role: db
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock:
            cidr: 172.17.0.0/16
            except:
              - 172.17.1.0/24
        - namespaceSelector:
            matchLabels:
              project: myproject
        - podSelector:
            matchLabels:
              role: frontend
      ports:
        - protocol: TCP
          port: 6379
  egress:
    - to:
        - ipBlock:
            cidr: 10.0.0.0/24
      ports:
        - protocol: TCP
          port: 5978
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata:
  name: monitoring
spec:
  priority: 30
  subject:
    namespaces: {}
  ingress:
    - name: allow-monitoring
      action: Allow
      from:
        - namespaces:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: odd }
spec:
  podSelector:
    matchExpressions:
      - { key: env, operator: Near, values: [prod] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: other }
`;

test("the documentation's example becomes groups by labels, and a report by line", () => {
  const { document, report } = imported(importKubernetes([{ name: 'np.yaml', text: DOCUMENTED }], OPTIONS));
  assert.deepEqual(
    report.map(({ line, outcome, reason, opens }) =>
      `${line} ${outcome} ${reason?.code ?? ''}${opens ? ' opens' : ''}`.trim(),
    ),
    [
      '10 mapped',
      '10 mapped',
      '12 not-mapped namespace-labels',
      '12 mapped',
      '27 mapped',
      '40 not-mapped every-namespace opens',
      '54 not-mapped label-expression opens',
      '59 not-mapped unknown-kind',
    ],
  );
  assert.deepEqual(
    document.groups.map(({ name, selector }) => [name, selector]),
    [
      ['default role db', 'kubernetes.namespace=default and role=db'],
      ['default role frontend', 'kubernetes.namespace=default and role=frontend'],
      ['default', 'kubernetes.namespace=default'],
    ],
  );
  const [egress, ingress] = document.policies;
  assert.deepEqual([egress?.tier, ingress?.tier], ['platform', 'baseline']);
  assert.deepEqual(
    ingress?.rules.map(({ name, action, from, to }) => [action, name, from.groups, to.groups]),
    [
      ['allow', 'test-network-policy ingress 1', ['default role frontend'], ['default role db']],
      ['allow', 'test-network-policy ingress 1-2', [], ['default role db']],
      ['deny', 'test-network-policy isolates', [], ['default role db']],
      ['allow', 'nobody isolates the receiver', [], ['default']],
      ['allow', 'sent to elsewhere', ['default'], []],
    ],
  );
  assert.deepEqual(ingress?.rules[1]?.from.cidrs.slice(0, 2), ['172.17.0.0/24', '172.17.2.0/23']);
});

test('whatever a file holds, it is imported or refused', () => {
  const key = fc.constantFrom(
    ...'kind metadata name namespace labels spec podSelector matchLabels matchExpressions key operator values ingress egress'.split(
      ' ',
    ),
    ...'from to ports port endPort protocol ipBlock cidr except namespaceSelector policyTypes subject namespaces pods action'.split(
      ' ',
    ),
    ...'networks portNumber portRange start end priority items app __proto__ constructor'.split(' '),
  );
  const leaf = fc.oneof(
    fc.constantFrom(
      'NetworkPolicy',
      'AdminNetworkPolicy',
      'BaselineAdminNetworkPolicy',
      'Namespace',
      'List',
      'Ingress',
      'Egress',
    ),
    fc.constantFrom('Allow', 'Deny', 'Pass', 'In', 'TCP', '10.0.0.0/8', '::/0', 'x', '', 80, -1, 1e9, null, true),
    fc.string({ maxLength: 70 }),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    ),
  }));
  const kind = fc.constantFrom('NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'Namespace');
  const object = fc.record({ kind, metadata: tree, spec: fc.dictionary(key, tree, { maxKeys: 6 }) });
  fc.assert(
    fc.property(fc.array(fc.oneof(object, tree), { maxLength: 3 }), (objects) => {
      const text = objects.map((one) => JSON.stringify(one)).join('\n---\n');
      const result = importKubernetes([{ name: 'x', text }], OPTIONS);
      if (result.ok) readable(result.value.document);
    }),
    fuzz(0.05),
  );
});
