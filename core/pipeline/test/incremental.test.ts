import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IntentLink, linksOf } from '@hypervigil/model';
import { compileIntent, diffIntent } from '@hypervigil/policy';
import { cloudState, idOf, runs, stagedState } from '@hypervigil/policy/testing';
import fc from 'fast-check';
import {
  compilePipeline,
  createPipeline,
  type FlowSpec,
  LEARNED_TABLES,
  type PipelineInput,
  TABLES,
} from '../src/index.ts';

const ports = fc.uniqueArray(
  fc.record({
    ofport: fc.integer({ min: 10, max: 16 }),
    vnicNum: fc.integer({ min: 1, max: 6 }),
    active: fc.boolean(),
  }),
  { maxLength: 6 },
);
const fewOf = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { maxLength: 2 }).map((nums) => new Set(nums));
const options = fc.record({
  establishedProbability: fc.constantFrom(0, 655, 65535),
  full: fc.record({ vnics: fewOf(1, 6), rules: fewOf(111, 144), networks: fewOf(1, 2) }),
  carryOver: fewOf(1, 6),
});
const gateways = fc.uniqueArray(
  fc.record({
    num: fc.integer({ min: 1, max: 4 }),
    group: fc.integer({ min: 1, max: 3 }),
    takes: fc.constantFrom('new' as const, 'known' as const, 'none' as const),
  }),
  { maxLength: 4, selector: ({ num }) => num },
);
const placed = gateways.map((some) => some.map((one) => ({ ...one, left: 20 + one.num, right: 30 + one.num })));
const mirrors = fc.uniqueArray(
  fc.record({
    num: fc.integer({ min: 1, max: 3 }),
    oneIn: fc.constantFrom(1, 4),
    vnics: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
    port: fc.constantFrom(40, 41, null),
    tagged: fc.boolean(),
  }),
  { maxLength: 3, selector: ({ num }) => num },
);
const known = mirrors.map((some) => some.map((one) => ({ ...one, id: idOf('mirror', one.num) })));
const host = fc.record({
  ports,
  uplink: fc.constantFrom(1, 2, null),
  options,
  gateways: placed,
  mirrors: known,
});

test('a pipeline that took changes in holds what a fresh one makes, and its changes lead there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(cloudState, stagedState), host), { minLength: 2, maxLength: 5 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      fc.constantFrom(1, 2, 5, 16),
      (steps, keepCloud, largeSet) => {
        const [[cloud, place], ...later] = steps as [(typeof steps)[0], ...typeof steps];
        let intent = compileIntent(cloud, { revision: 0, policyRevision: 0 });
        const pipeline = createPipeline({ intent, ...place, largeSet });
        const held = new Map(pipeline.flows().map((flow) => [keyOf(flow), flow]));
        const meters = new Map(pipeline.meters().map((meter) => [meter.id, meter]));
        for (const [i, [nextCloud, nextPlace]] of later.entries()) {
          const next = keepCloud[i] ? intent : compileIntent(nextCloud, { revision: i + 1, policyRevision: 0 });
          const change = pipeline.update({ patch: diffIntent(intent, next), ...nextPlace });
          const { upsert, remove } = change;
          intent = next;
          for (const key of remove)
            assert.ok(held.delete(keyOf(key)) || LEARNED_TABLES.includes(key.table), 'what is removed was there');
          for (const flow of upsert) held.set(keyOf(flow), flow);
          for (const id of change.meters.remove) assert.ok(meters.delete(id));
          for (const meter of change.meters.upsert) meters.set(meter.id, meter);
          const [priorities, setBits] = [pipeline.priorities(), pipeline.setBits()];
          const input: PipelineInput = { intent, ...nextPlace, priorities, setBits, largeSet };
          const fresh = createPipeline(input);
          assert.deepEqual(pipeline.flows(), fresh.flows());
          assert.deepEqual(pipeline.meters(), fresh.meters());
          assert.deepEqual(
            [...meters.values()].sort((a, b) => a.id - b.id),
            fresh.meters(),
          );
          assert.deepEqual(metersNamed(pipeline.flows()), new Set(meters.keys()));
          assert.deepEqual([...held.values()].sort(byKey), pipeline.flows().sort(byKey));
          assert.deepEqual(pipeline.update({ patch: diffIntent(intent, intent), ...nextPlace }), {
            upsert: [],
            remove: [],
            meters: { upsert: [], remove: [] },
          });
        }
      },
    ),
    runs(150),
  );
});

test('what comes out of a gateway goes to the next link of its chain, as an answer to the one before, and else is delivered', () => {
  fc.assert(
    fc.property(cloudState, host, (cloud, place) => {
      const intent = compileIntent(cloud, { revision: 1, policyRevision: 1 });
      const flows = compilePipeline({ intent, ...place });
      const links = Math.max(
        1,
        ...intent.rules.map(({ inspect }) => (inspect ? linksOf<IntentLink>(inspect).length : 1)),
      );
      const entrance = links > 1 ? TABLES.between : TABLES.returned;
      const entries = flows.filter(
        ({ actions }) => actions.includes(`pop_vlan,`) && leadsTo(actions).includes(entrance),
      );
      assert.equal(entries.filter(({ match }) => !match.includes('dl_vlan=')).length, 2 * place.gateways.length);
      // Behind `returned` is no way to a gateway, and none back to what lies between gateways.
      const byTable = Map.groupBy(flows, ({ table }) => table);
      const reached = new Set<number>();
      const walk = (table: number): void => {
        if (reached.has(table)) return;
        reached.add(table);
        for (const { actions } of byTable.get(table) ?? []) for (const to of leadsTo(actions)) walk(to);
      };
      walk(TABLES.returned);
      assert.ok(reached.has(TABLES.output));
      for (const table of [TABLES.steer, TABLES.between, TABLES.arrived, TABLES.onward]) assert.ok(!reached.has(table));
      const into = (side: 'left' | 'right') => place.gateways.map((gateway) => `output:${gateway[side]}`);
      const isInto = (actions: string, outputs: readonly string[]) =>
        actions.split(',').some((action) => outputs.includes(action));
      for (const { table, match, actions } of flows) {
        const isGateways = isInto(actions, [...into('left'), ...into('right')]);
        if (table !== TABLES.steer && table !== TABLES.onward) assert.ok(!isGateways, actions);
        if (table === TABLES.between) assert.ok(leadsTo(actions).every((to) => to === TABLES.arrived));
        if (table !== TABLES.arrived && table !== TABLES.onward) continue;
        // A step forward, or for an answer a step back: links are met in order, and each once.
        const isReply = match.includes('reg3=0x2/0x2');
        const at = table === TABLES.arrived ? linkOf(match) : Number(/reg15=(\w+)/.exec(match)?.[1]);
        const step = /set_field:(\w+)->reg15/.exec(actions)?.[1];
        if (isGateways) assert.ok(isInto(actions, into(isReply ? 'right' : 'left')), actions);
        else if (step === undefined) assert.deepEqual(leadsTo(actions), [TABLES.returned]);
        else {
          assert.deepEqual(leadsTo(actions), [TABLES.onward]);
          assert.equal(Number(step) - at, isReply ? -1 : 1, `${match} ${actions}`);
        }
      }
    }),
    runs(100),
  );
});

const leadsTo = (actions: string): number[] =>
  [...actions.matchAll(/(?:goto_table:|resubmit\(,|table=)(\d+)/g)].map(([, to]) => Number(to));

/** Which link's gateway a flow's label names: the first one is at bit 32, the others follow, sixteen bits each. */
const linkOf = (match: string): number => ((/ct_label=\w+\/0xffff(0+)/.exec(match)?.[1] ?? '').length * 4 - 32) / 16;

test('who asks for a copy gets the packet back as it was, and nothing comes from where copies go', () => {
  const OF_MIRRORS = [TABLES.mirrored, TABLES.mirrorOfRule, TABLES.mirror, TABLES.mirrorDrawn, TABLES.mirrorTo];
  const HARMLESS =
    /^(?:drop|resubmit\(,\d+\)|goto_table:\d+|output:4[01]|clone\(push_vlan:0x8100,move:NXM_NX_REG6\[0\.\.11\]->NXM_OF_VLAN_TCI\[0\.\.11\],output:4[01]\)|set_field:0x[0-9a-f]+\/0xffffffff->metadata|multipath\([^)]*,NXM_NX_REG11\[\]\))$/;
  fc.assert(
    fc.property(cloudState, host, (cloud, place) => {
      const flows = compilePipeline({ intent: compileIntent(cloud, { revision: 1, policyRevision: 1 }), ...place });
      for (const { table, actions, match } of flows) {
        const to = [...actions.matchAll(/(?:goto_table:|resubmit\(,)(\d+)/g)].map(([, number]) => Number(number));
        const isMirrors = (OF_MIRRORS as readonly number[]).includes(table);
        // Asked, never gone on to; and from them there is no way to anywhere else.
        for (const next of to) assert.ok(!isMirrors || next > table, actions);
        if (isMirrors) for (const next of to) assert.ok((OF_MIRRORS as readonly number[]).includes(next), actions);
        else for (const one of OF_MIRRORS) assert.ok(!actions.includes(`goto_table:${one}`), actions);
        if (isMirrors)
          for (const action of actions.match(/(?:multipath|clone)\([^)]*\)|resubmit\([^)]*\)|[^,]+/g) ?? [])
            assert.match(action, HARMLESS);
        else assert.doesNotMatch(actions, /output:4[01]\b/);
        assert.doesNotMatch(match, /in_port=4[01]\b/);
      }
    }),
    runs(100),
  );
});

test('the order of input changes no flow', () => {
  fc.assert(
    fc.property(cloudState, host, ({ vms, groups, policies, ...rest }, place) => {
      const turned = { ...rest, vms: vms.toReversed(), groups: groups.toReversed(), policies: policies.toReversed() };
      const intents = [{ ...rest, vms, groups, policies }, turned].map((cloud) =>
        compileIntent(cloud, { revision: 1, policyRevision: 1 }),
      );
      const [a, b] = intents.map((intent) => compilePipeline({ intent, ...place }));
      assert.deepEqual(a, b);
    }),
    runs(100),
  );
});

/** Ids of the meters that flows name. */
const metersNamed = (flows: readonly FlowSpec[]): Set<number> =>
  new Set(flows.flatMap(({ actions }) => [...actions.matchAll(/\bmeter:(\d+)/g)].map(([, id]) => Number(id))));

const keyOf = ({ table, priority, match }: Pick<FlowSpec, 'table' | 'priority' | 'match'>) =>
  `${table}/${priority}/${match}`;
const byKey = (a: FlowSpec, b: FlowSpec) => (keyOf(a) < keyOf(b) ? -1 : 1);
