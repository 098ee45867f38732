/**
 * What sets of addresses cost: “everything but” three blocks, in flows of a rule; and a threat set with as many entries as
 * one may have, compiled, changed by one entry, and as flows. Part of `bench policy`.
 */
import { ANYONE, MAX_ADDRESS_ENTRIES, RULE_DEFAULTS } from '@hypervigil/model';
import { createPipeline, TABLES } from '@hypervigil/pipeline';
import { type AddressList, type CloudState, createIntentCompiler } from '@hypervigil/policy';
import { atMost, type Metric, timed } from './metric.ts';

const STAMP = { revision: 0, policyRevision: 0 };
const [POLICY, RULE, SET] = ['6', '7', '8'].map((kind) => `0000000${kind}-0000-4000-8000-000000000001`) as [
  string,
  string,
  string,
];

/** A provider's rule that denies what goes to the addresses of a list. */
function cloudOf(list: AddressList): CloudState {
  const rule = { ...RULE_DEFAULTS, id: RULE, num: 100, name: 'known bad', enabled: true, action: 'deny' } as const;
  const to = { ...ANYONE, addressSetIds: [SET] };
  const rules = [{ ...rule, from: ANYONE, to, services: [], namedServiceIds: [] }];
  return {
    tenants: [],
    networks: [],
    vms: [],
    groups: [],
    addressSets: [{ id: SET, num: 1, ...list }],
    schedules: [],
    namedServices: [],
    limits: [],
    policies: [{ id: POLICY, tier: 'platform', tenantId: null, order: 0, enabled: true, rules }],
  };
}

const pipelineOf = (cloud: CloudState) =>
  createPipeline({ intent: createIntentCompiler(cloud, STAMP).intent(), ports: [], uplink: null });

/** Flows of the rule that match a destination, one way; the same number stands for replies. */
const flowsOf = (list: AddressList): number =>
  pipelineOf(cloudOf(list))
    .flows()
    .filter(({ table, match }) => table === TABLES.platform && /nw_dst|ipv6_dst/.test(match)).length;

const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  'three /24 side by side': ['192.168.0.0/24', '192.168.1.0/24', '192.168.2.0/24'],
  'the private blocks': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
};
/** From the issue. What is private is 31 blocks away from everything, whoever counts. */
const EXCLUDED_GOAL = { 'three /24 side by side': 30, 'the private blocks': 31 } as Readonly<Record<string, number>>;

export function* addressSetMetrics(): Iterable<Metric> {
  for (const [name, excluded] of Object.entries(EXCLUDED)) {
    const flows = flowsOf({ entries: ['0.0.0.0/0'], excluded });
    yield atMost(`everything but ${name}`, flows, 'flows', EXCLUDED_GOAL[name]!);
  }
  const list = { entries: scattered(MAX_ADDRESS_ENTRIES), excluded: ['10.0.0.0/8'] };
  const cloud = cloudOf(list);
  const before = process.memoryUsage().rss;
  const compiler = createIntentCompiler(cloud, STAMP);
  const [, compileMs] = timed(() => compiler.intent());
  yield atMost('100,000 addresses compiled', compileMs / 1000, 's', 5);
  yield atMost('memory that they take', (process.memoryUsage().rss - before) / 2 ** 20, 'MiB', 256);
  const changed = { id: SET, num: 1, ...list, entries: [...list.entries.slice(1), '9.9.9.9'] };
  const [patch, changeMs] = timed(() => compiler.update({ upsert: { addressSets: [changed] } }, STAMP));
  const { length } = patch.sets.change.flatMap(({ add, remove }) => [...add, ...remove]);
  yield atMost(`one of them replaced (${length} members change)`, changeMs / 1000, 's', 5);
  const [flows, pipelineMs] = timed(() => pipelineOf(cloud).flows().length);
  yield atMost(`compiled to ${flows.toLocaleString('en')} flows`, pipelineMs / 1000, 's', 15);
}

/** Addresses all over IPv4, hardly two of them neighbours: a multiplicative hash (Knuth). */
function scattered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const word = (i * 2_654_435_761) % 2 ** 32;
    return `${1 + (Math.floor(word / 2 ** 24) % 223)}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  });
}
