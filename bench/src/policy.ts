/**
 * The policies of a large cloud, compiled and analysed: 100,000 vNICs, 10,000 groups, 50,000 rules. All of it is pure
 * computing in one process and needs nothing else.
 */
import type { Id } from '@hypervigil/model';
import {
  type Analysis,
  type CloudState,
  type CloudVm,
  createAnalysis,
  createIntentCompiler,
  type IntentCompiler,
} from '@hypervigil/policy';
import { addressSetMetrics } from './address-sets.ts';
import { atMost, type Metric, percentile, timed } from './metric.ts';
import { largeCloud } from './policy-cloud.ts';

const SIZE = { vnics: 100_000, groups: 10_000, rules: 50_000 } as const;
const CHANGES = 500;
const QUESTIONS = 20;
const MATRIX = 30;
const STAMP = { revision: 0, policyRevision: 0 };
/** Of the compiler's share in a change of membership, from the issue. The other goals are our own. */
const MEMBERSHIP_GOAL_MS = 10;

export async function* policyBench(): AsyncGenerator<Metric> {
  yield* addressSetMetrics();
  const cloud = largeCloud(SIZE);
  const [compiler, compileMs] = timed(() => createIntentCompiler(cloud, STAMP));
  yield atMost('compile everything', compileMs / 1000, 's', 10);
  const changes = membershipChanges(compiler, cloud);
  yield atMost('membership change, p50', percentile(changes, 0.5), 'ms', MEMBERSHIP_GOAL_MS);
  yield atMost('membership change, p99', percentile(changes, 0.99), 'ms', MEMBERSHIP_GOAL_MS);

  const [analysis, indexMs] = timed(() => createAnalysis(cloud, new Date()));
  yield atMost('compile and index for questions', indexMs / 1000, 's', 15);
  const { findings, seconds, processorSeconds, longestMs } = analyse(analysis);
  yield atMost(`${findings} findings, proven`, seconds, 's', 30);
  yield atMost('the same, of processor time', processorSeconds, 's', 30);
  yield atMost('longest step before somebody else may run', longestMs, 'ms', 500);
  yield atMost('memory of the process', process.memoryUsage().rss / 2 ** 20, 'MiB', 2_048);
  yield* questions(analysis, cloud);
}

function membershipChanges(compiler: IntentCompiler, { vms, groups }: CloudState): number[] {
  return Array.from({ length: CHANGES }, (_, i) => {
    const vm = vms[(i * 197) % vms.length]!;
    const tags = { ...vm.tags, app: `app${1 + ((i * 31) % groups.length)}` };
    return timed(() => compiler.update({ upsert: { vms: [{ ...vm, tags }] } }, STAMP))[1];
  });
}

function analyse(analysis: Analysis) {
  const [begin, used] = [performance.now(), process.cpuUsage()];
  const steps = analysis.findings();
  let longestMs = 0;
  for (;;) {
    const [step, took] = timed(() => steps.next());
    longestMs = Math.max(longestMs, took);
    if (!step.done) continue;
    const { user, system } = process.cpuUsage(used);
    const seconds = (performance.now() - begin) / 1000;
    return { findings: step.value.length, seconds, processorSeconds: (user + system) / 1e6, longestMs };
  }
}

function* questions(analysis: Analysis, cloud: CloudState): Iterable<Metric> {
  const pairs = Array.from({ length: QUESTIONS }, (_, i) => neighbours(cloud, (i * 4_999) % cloud.vms.length));
  const ask = (question: (pair: readonly [CloudVm, CloudVm]) => unknown): number[] =>
    pairs.map((pair) => timed(() => question(pair))[1]);
  const service = { protocol: 'tcp', ports: ['22'] } as const;
  const end = ({ id }: { readonly id: Id }) => ({ vmIds: [id] });
  const reach = ask(([a, b]) => [
    ...analysis.reach({ from: end(a), to: end(b), services: [{ ...service, ports: ['22'] }] }),
  ]);
  yield atMost('can A reach B on tcp/22, p50', percentile(reach, 0.5), 'ms', 200);
  const who = ask(([a]) => [...analysis.reach({ from: {}, to: end(a) })]);
  yield atMost('who can reach B, p50', percentile(who, 0.5), 'ms', 1_000);
  const ends = cloud.groups.slice(0, MATRIX).map(({ id }) => ({ groupIds: [id] }));
  yield atMost(`matrix of ${MATRIX} × ${MATRIX} groups`, timed(() => analysis.matrix(ends))[1] / 1000, 's', 10);
  const [x, y] = cloud.tenants.map(({ id }) => ({ tenantIds: [id] }));
  const apart = timed(() => analysis.violation({ from: x!, to: y!, verdict: 'deny' }))[1];
  yield atMost('“no VM of X reaches Y”, the two largest tenants', apart / 1000, 's', 10);
  const [changes, compareMs] = timed(() => [...analysis.compare(withoutOneRule(cloud))].length);
  yield atMost(`what one removed rule changes (${changes})`, compareMs / 1000, 's', 15);
}

/** A VM and the next one of its network. */
function neighbours({ vms }: CloudState, at: number): readonly [CloudVm, CloudVm] {
  const one = vms[at]!;
  const other = vms.find((vm, n) => n > at && vm.vnics[0]!.networkId === one.vnics[0]!.networkId);
  return [one, other ?? vms[at - 1]!];
}

function withoutOneRule(cloud: CloudState): CloudState {
  const [last] = cloud.policies.slice(-1);
  const policies = cloud.policies.map((policy) =>
    policy === last ? { ...policy, rules: policy.rules.slice(1) } : policy,
  );
  return { ...cloud, policies };
}
