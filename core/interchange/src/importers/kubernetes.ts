import type { Action, Service } from '@hypervigil/model';
import { readYaml } from '../yaml.ts';
import { addressesOf, blocksOf, difference, union } from './addresses.ts';
import { documentOf, type PeerDraft, type PolicyDraft, type RuleDraft } from './build.ts';
import type { Importer } from './importer.ts';
import { createSelectors, isObject, listOf, objectOf, type Selectors, textOf } from './kubernetes-selectors.ts';
import { type At, createReporter, isReason, type Reason, type Reporter } from './report.ts';

/**
 * Kubernetes NetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy, for pods that become VMs: a label is a tag,
 * and the namespace is the tag `kubernetes.namespace`.
 *
 * Both ends are asked: the sender's egress, then the receiver's ingress; at each end the admin policies by priority, then
 * what isolates the pod, then the baseline. What nobody speaks of is allowed, for the namespaces that the files name.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/ https://network-policy-api.sigs.k8s.io/api-overview/
 */
export const importKubernetes: Importer = (files, options) => {
  const reporter = createReporter();
  const objects: SourceObject[] = [];
  for (const file of files) {
    const read = readYaml(file.text);
    if (!read.ok) return { ok: false, file: file.name, mistakes: read.mistakes };
    for (const { value, placeOf } of read.value) {
      const at = (path: string, source: string): At => ({ file: file.name, line: placeOf(path).line, source });
      const { kind, items } = objectOf(value);
      if (kind === 'List' && Array.isArray(items))
        for (const [i, item] of items.entries()) objects.push(sourceOf(item, `items.${i}.`, at));
      else objects.push(sourceOf(value, '', at));
    }
  }
  const selectors = createSelectors();
  for (const { kind, name, namespace, labels } of objects) {
    if (kind === 'NetworkPolicy') selectors.addNamespace(namespace, undefined);
    if (kind === 'Namespace') selectors.addNamespace(name, labels);
  }
  const rules = objects.flatMap((object) => convert(object, selectors, reporter));
  const policies = arrange(rules, selectors, reporter);
  return {
    ok: true,
    value: { document: documentOf(selectors.groups(), policies, options), report: reporter.entries() },
  };
};

interface SourceObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
  at(field: string, what: string): At;
}

function sourceOf(value: unknown, prefix: string, locate: (path: string, source: string) => At): SourceObject {
  const { kind, metadata, spec } = objectOf(value);
  const { name, namespace, labels } = objectOf(metadata);
  const title = `${textOf(kind)} ${textOf(namespace) === '' ? '' : `${textOf(namespace)}/`}${textOf(name)}`;
  return {
    kind: textOf(kind),
    name: textOf(name) || 'unnamed',
    namespace: textOf(namespace) || 'default',
    labels: objectOf(labels),
    spec: objectOf(spec),
    at: (field, what) => locate(`${prefix}${field}`, `${title} ${what}`.trim()),
  };
}

type Direction = 'ingress' | 'egress';
/** In the order in which an end asks them. */
const LAYERS = ['admin', 'policy', 'isolation', 'baseline'] as const;

interface Ruled {
  readonly direction: Direction;
  readonly layer: (typeof LAYERS)[number];
  readonly priority: number;
  readonly verdict: 'Allow' | 'Deny' | 'Pass';
  readonly name: string;
  /** The pods that it is about. */
  readonly subject: readonly string[];
  /** The other end; null is anyone. */
  readonly peer: PeerDraft | null;
  readonly services: readonly Service[];
  readonly at: At;
}

/** Both directions in the tiers that decide them one after the other. */
function arrange(rules: readonly Ruled[], selectors: Selectors, reporter: Reporter): PolicyDraft[] {
  const order = ({ layer, priority }: Ruled) => LAYERS.indexOf(layer) * 1e6 + priority;
  const of = (direction: Direction) =>
    rules.filter((rule) => rule.direction === direction).sort((a, b) => order(a) - order(b));
  const [egress, ingress] = [of('egress'), of('ingress')];
  for (const rule of ingress) if (rule.layer !== 'isolation') reporter.mapped(rule.at);
  const out = egress.flatMap((rule, i): RuleDraft[] => {
    if (rule.verdict === 'Pass') {
      // What passes must skip the admin rules after it and go on in the same tier, which no rule can say.
      if (egress[i + 1]?.layer === 'admin') reporter.notMapped(rule.at, { code: 'pass-before-more', params: {} }, true);
      else reporter.mapped(rule.at);
      return [];
    }
    if (rule.layer !== 'isolation') reporter.mapped(rule.at);
    return drafts(rule, rule.verdict === 'Allow' ? 'pass' : 'deny');
  });
  const actions: Record<Ruled['verdict'], Action> = { Allow: 'allow', Deny: 'deny', Pass: 'pass' };
  const into = (admin: boolean) =>
    ingress.filter(({ layer }) => (layer === 'admin') === admin).flatMap((rule) => drafts(rule, actions[rule.verdict]));
  const admin = into(true);
  const everything = selectors.everything();
  const others = chunks(everything).flatMap((groups): RuleDraft[] => [
    { name: 'nobody isolates the receiver', action: 'allow', to: { groups } },
    { name: 'sent to elsewhere', action: 'allow', from: { groups } },
  ]);
  const policies: PolicyDraft[] = [
    { name: 'Kubernetes egress', tier: admin.length > 0 ? 'emergency' : 'platform', rules: out },
    { name: 'Kubernetes admin ingress', tier: 'platform', rules: admin },
    { name: 'Kubernetes ingress', tier: 'baseline', rules: [...into(false), ...others] },
  ];
  return policies.filter((policy) => policy.rules.length > 0);
}

function drafts({ direction, name, subject, peer, services }: Ruled, action: Action): RuleDraft[] {
  return chunks(subject).flatMap((groups) =>
    peers(peer).map((other) => ({
      ...{ name, action, services },
      ...(direction === 'ingress' ? { from: other, to: { groups } } : { from: { groups }, to: other }),
    })),
  );
}

/** A side of a rule has room for 100 groups. */
function chunks(groups: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let i = 0; i < groups.length; i += 100) parts.push(groups.slice(i, i + 100));
  return parts;
}

function peers(peer: PeerDraft | null): PeerDraft[] {
  if (peer === null) return [{}];
  const { groups = [], cidrs = [] } = peer;
  return [...chunks(groups).map((part) => ({ groups: part })), ...(cidrs.length > 0 ? [{ cidrs }] : [])];
}

function convert(object: SourceObject, selectors: Selectors, reporter: Reporter): Ruled[] {
  switch (object.kind) {
    case 'NetworkPolicy':
      return networkPolicy(object, selectors, reporter);
    case 'AdminNetworkPolicy':
      return adminPolicy(object, 'admin', selectors, reporter);
    case 'BaselineAdminNetworkPolicy':
      return adminPolicy(object, 'baseline', selectors, reporter);
    case 'Namespace':
      return [];
    default:
      reporter.notMapped(
        object.at('kind', ''),
        { code: 'unknown-kind', params: { kind: object.kind } },
        /Policy$/.test(object.kind),
      );
      return [];
  }
}

function networkPolicy({ name, namespace, spec, at }: SourceObject, selectors: Selectors, reporter: Reporter): Ruled[] {
  const subject = selectors.pods(spec['podSelector'], [namespace]);
  if (isReason(subject)) {
    reporter.notMapped(at('spec.podSelector', ''), subject, true);
    return [];
  }
  const types = Array.isArray(spec['policyTypes'])
    ? spec['policyTypes']
    : ['Ingress', ...('egress' in spec ? ['Egress'] : [])];
  return (['ingress', 'egress'] as const)
    .filter((direction) => types.includes(direction === 'ingress' ? 'Ingress' : 'Egress'))
    .flatMap((direction): Ruled[] => {
      const common = { direction, priority: 0, subject } as const;
      const isolation = {
        ...common,
        layer: 'isolation',
        verdict: 'Deny',
        name: `${name} isolates`,
        peer: null,
        services: [],
      } as const;
      const allowed = listOf(spec[direction]).flatMap((rule, i): Ruled[] => {
        const place = at(`spec.${direction}.${i}`, `${direction}[${i}]`);
        const sides = Array.isArray(rule[direction === 'ingress' ? 'from' : 'to'])
          ? (rule[direction === 'ingress' ? 'from' : 'to'] as unknown[])
          : [];
        const peer =
          sides.length === 0
            ? null
            : gather(sides, (one) => policyPeer(one, namespace, selectors), place, reporter, false);
        const ports = gatherPorts(rule['ports'], policyPort, place, reporter, false);
        if (peer === 'nobody' || ports === 'none') return [];
        return [
          {
            ...common,
            layer: 'policy',
            verdict: 'Allow',
            name: `${name} ${direction} ${i + 1}`,
            peer,
            services: ports,
            at: place,
          },
        ];
      });
      const place = at('spec.policyTypes', direction);
      reporter.mapped(place);
      return [...allowed, { ...isolation, at: place }];
    });
}

function adminPolicy(
  object: SourceObject,
  layer: 'admin' | 'baseline',
  selectors: Selectors,
  reporter: Reporter,
): Ruled[] {
  const { spec, at } = object;
  const subject = selected(spec['subject'], selectors);
  if (isReason(subject)) {
    reporter.notMapped(at('spec.subject', ''), subject, true);
    return [];
  }
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    listOf(spec[direction]).flatMap((rule, i): Ruled[] => {
      const place = at(`spec.${direction}.${i}`, `${direction}[${i}]`);
      const verdict = rule['action'];
      if (verdict !== 'Allow' && verdict !== 'Deny' && !(verdict === 'Pass' && layer === 'admin')) {
        reporter.notMapped(place, { code: 'unknown-target', params: { target: textOf(verdict) } }, true);
        return [];
      }
      const opens = verdict !== 'Allow';
      const sides = rule[direction === 'ingress' ? 'from' : 'to'];
      const peer = gather(
        Array.isArray(sides) ? sides : [],
        (one) => adminPeer(one, selectors),
        place,
        reporter,
        opens,
      );
      const services = gatherPorts(rule['ports'], adminPort, place, reporter, opens);
      if (peer === 'nobody' || services === 'none') return [];
      const priority = typeof spec['priority'] === 'number' ? spec['priority'] : 0;
      const name = textOf(rule['name']) || `${object.name} ${direction} ${i + 1}`;
      return [{ direction, layer, priority, verdict, name, subject, peer, services, at: place }];
    }),
  );
}

/** All ends of a rule together. Those that cannot be said are reported and left out. */
function gather(
  sides: readonly unknown[],
  read: (side: unknown) => PeerDraft | Reason,
  at: At,
  reporter: Reporter,
  opens: boolean,
): PeerDraft | 'nobody' {
  const found = sides.map(read);
  const problems = found.filter(isReason);
  for (const problem of problems) reporter.notMapped(at, problem, opens);
  const peers = found.filter((one): one is PeerDraft => !isReason(one));
  const groups = [...new Set(peers.flatMap((peer) => peer.groups ?? []))];
  const cidrs = blocksOf(union(peers.flatMap((peer) => peer.cidrs ?? []).map((text) => addressesOf(text) ?? [])));
  if (groups.length + cidrs.length > 0) return { groups, cidrs };
  if (problems.length === 0) reporter.mapped(at, { code: 'never-matches', params: {} });
  return 'nobody';
}

function policyPeer(side: unknown, namespace: string, selectors: Selectors): PeerDraft | Reason {
  const { ipBlock, podSelector, namespaceSelector } = objectOf(side);
  if (isObject(ipBlock)) return blockOf(ipBlock);
  if (!isObject(podSelector) && !isObject(namespaceSelector))
    return { code: 'unreadable', params: { what: 'from, to' } };
  const namespaces = isObject(namespaceSelector) ? selectors.namespaces(namespaceSelector) : [namespace];
  const groups = isReason(namespaces) ? namespaces : selectors.pods(podSelector, namespaces);
  return isReason(groups) ? groups : { groups };
}

function blockOf(block: Readonly<Record<string, unknown>>): PeerDraft | Reason {
  const whole = addressesOf(textOf(block['cidr']));
  const holes = (Array.isArray(block['except']) ? block['except'] : []).map((one) => addressesOf(textOf(one)));
  if (!whole || holes.includes(undefined)) return { code: 'unreadable', params: { what: textOf(block['cidr']) } };
  return { cidrs: blocksOf(difference(whole, union(holes.map((one) => one!)))) };
}

function adminPeer(side: unknown, selectors: Selectors): PeerDraft | Reason {
  const peer = objectOf(side);
  const { networks, nodes, domainNames } = peer;
  if (Array.isArray(networks)) {
    const blocks = networks.map((one) => addressesOf(textOf(one)));
    if (blocks.includes(undefined)) return { code: 'unreadable', params: { what: 'networks' } };
    return { cidrs: blocksOf(union(blocks.map((one) => one!))) };
  }
  if (nodes !== undefined) return { code: 'not-addresses', params: { what: 'nodes' } };
  if (domainNames !== undefined) return { code: 'not-addresses', params: { what: 'domainNames' } };
  const groups = selected(peer, selectors);
  return isReason(groups) ? groups : { groups };
}

/** `namespaces: SELECTOR`, or `pods: { namespaceSelector, podSelector }`. */
function selected(value: unknown, selectors: Selectors): readonly string[] | Reason {
  const { namespaces, pods } = objectOf(value);
  if (!isObject(namespaces) && !isObject(pods)) return { code: 'unreadable', params: { what: 'namespaces, pods' } };
  const { namespaceSelector, podSelector } = objectOf(pods);
  const within = selectors.namespaces(isObject(namespaces) ? namespaces : namespaceSelector);
  return isReason(within) ? within : selectors.pods(isObject(namespaces) ? {} : podSelector, within);
}

/** The services of a rule; a rule that names ports none of which can be said is none. */
function gatherPorts(
  ports: unknown,
  read: (port: Readonly<Record<string, unknown>>) => Service | Reason,
  at: At,
  reporter: Reporter,
  opens: boolean,
): Service[] | 'none' {
  const found = listOf(ports).map(read);
  const problems = found.filter(isReason);
  for (const problem of problems) reporter.notMapped(at, problem, opens);
  const services = found.filter((one): one is Service => !isReason(one));
  return found.length > 0 && services.length === 0 ? 'none' : services;
}

function policyPort({ protocol = 'TCP', port, endPort }: Readonly<Record<string, unknown>>): Service | Reason {
  return portService(protocol, port, endPort ?? port);
}

function adminPort(port: Readonly<Record<string, unknown>>): Service | Reason {
  const { portNumber, portRange, namedPort } = port;
  if (namedPort !== undefined) return { code: 'named-port', params: { port: textOf(namedPort) } };
  const one = objectOf(portNumber ?? portRange);
  return portService(one['protocol'] ?? 'TCP', one['port'] ?? one['start'], one['port'] ?? one['end']);
}

const PROTOCOLS: Readonly<Record<string, 'tcp' | 'udp' | 'sctp'>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

function portService(protocol: unknown, first: unknown, last: unknown): Service | Reason {
  const named = PROTOCOLS[textOf(protocol)];
  if (named === undefined) return { code: 'unknown-protocol', params: { protocol: textOf(protocol) } };
  if (first === undefined) return { protocol: named, ports: [] };
  if (typeof first === 'string') return { code: 'named-port', params: { port: first } };
  const isPort = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535;
  if (!isPort(first) || !isPort(last) || first > last)
    return { code: 'unreadable', params: { what: `${first}-${last}` } };
  return { protocol: named, ports: [first === last ? `${first}` : `${first}-${last}`] };
}
