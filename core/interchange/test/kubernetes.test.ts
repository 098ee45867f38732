import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { importKubernetes } from '../src/importers/kubernetes.ts';
import { writeDocument } from '../src/index.ts';
import { lets, podOf, print, VMS, world } from './kubernetes-world.ts';
import { fuzz, runs } from './states.ts';
import { cloudOf, imported, packets, readable, verdict } from './worlds.ts';

const OPTIONS = { tenant: null, order: 100 };

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
