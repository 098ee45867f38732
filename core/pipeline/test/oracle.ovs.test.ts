import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  type HostIntent,
  INTENT_RULE_DEFAULTS,
  type IntentLink,
  type IntentRule,
  linksOf,
  SYNTHETIC_RULES,
} from '@hypervigil/model';
import type { Trace } from '@hypervigil/ovs';
import {
  compileIntent,
  type Decision,
  evaluate,
  evaluatePending,
  evaluatePendingPolicies,
  evaluatePolicies,
  intentAt,
  type Packet,
  type PendingDecision,
  recordingOf,
} from '@hypervigil/policy';
import { AT, cloudState, idOf, packet, runs, stagedState } from '@hypervigil/policy/testing';
import fc from 'fast-check';
import {
  createPipeline,
  decodeInspector,
  decodeObservation,
  type LocalGateway,
  type LocalMirror,
  NOBODY,
  type Observation,
  type PipelineOptions,
  TABLES,
} from '../src/index.ts';
import { asNew, type Frame, frameOf, frameText, holder, replyOf } from './frames.ts';
import { type Bridge, portOf, startBridge, UPLINK } from './harness.ts';

/** What defaults decide is recorded like this. */
const EVERY: Pick<IntentRule, 'log' | 'logSampling' | 'inspect'> = INTENT_RULE_DEFAULTS;
const STAMP = { revision: 1, policyRevision: 1 };
/** Of random clouds: their second ones have numbers from 11. */
const VNICS = 16;
/** Of three groups: two take new connections, the other is being drained. */
const GATEWAYS: readonly LocalGateway[] = [
  { num: 7, group: 1, left: 30, right: 31, takes: 'new' },
  { num: 8, group: 1, left: 32, right: 33, takes: 'new' },
  { num: 9, group: 2, left: 34, right: 35, takes: 'known' },
  { num: 10, group: 3, left: 36, right: 37, takes: 'new' },
];

/** Each gets a copy of some rules' traffic and of some vNICs'; one has no port here. */
const MIRRORS: readonly LocalMirror[] = [
  { id: idOf('mirror', 1), num: 1, oneIn: 1, vnics: [1, 4], port: 40 },
  { id: idOf('mirror', 2), num: 2, oneIn: 1, vnics: [2, 4, 11], port: 41, tagged: true },
  { id: idOf('mirror', 3), num: 3, oneIn: 1, vnics: [3], port: null },
];

/** A random cloud, packets, and which of the vNICs are on this host. */
const scene = fc.record({
  cloud: fc.oneof(cloudState, stagedState),
  packets: fc.array(packet, { minLength: 1, maxLength: 6 }),
  absent: fc.uniqueArray(fc.integer({ min: 1, max: VNICS }), { maxLength: 3 }),
  gateways: fc.constantFrom<readonly LocalGateway[]>(GATEWAYS, []),
  mirrors: fc.constantFrom<readonly LocalMirror[]>(MIRRORS, []),
  /** Sets of a small world are looked up as large ones, all of them or those of many. */
  largeSet: fc.constantFrom(1, 4, 16),
});

suite('the pipeline in a real switch says what the policies say', () => {
  let bridge: Bridge;
  before(async () => {
    bridge = await startBridge(VNICS, [
      ...GATEWAYS.flatMap(({ left, right }) => [left, right]),
      ...MIRRORS.flatMap(({ port }) => port ?? []),
    ]);
  });
  after(async () => {
    await bridge?.stop();
  });

  interface Host {
    readonly intent: HostIntent;
    readonly local: ReadonlySet<number>;
    readonly gateways: readonly LocalGateway[];
    readonly mirrors: readonly LocalMirror[];
  }

  interface Judged extends Decision {
    /** The gateways to one of which it goes first. */
    readonly enters?: readonly LocalGateway[];
    /** Of each link of its chain, the gateways of which one takes it. */
    readonly links?: readonly (readonly LocalGateway[])[];
    /** Whether it is recorded; of some connections of a rule that samples nobody knows. */
    readonly isRecorded: boolean | undefined;
  }

  /** What a host makes of a decision: where it is the one that inspects, and through which gateways, or what it does without. */
  function judge(one: Packet, { intent, local, gateways }: Host): Judged {
    const { inspect, ...rule } = intent.rules.find(({ num }) => num === evaluate(intent, one).ruleNum) ?? EVERY;
    const { oneIn } = recordingOf(rule);
    const isRecorded = oneIn < 2 ? oneIn === 1 : undefined;
    const decision = { ...evaluate(intent, one), isRecorded };
    const end = [one.dst, one.src].flatMap((address) => holder(address, one.network, intent, local) ?? [])[0];
    if (!inspect || !end || !local.has(end.num)) return decision;
    const links = linksOf<IntentLink>(inspect).map(({ group, onFailure }) => {
      const able = gateways.filter((one) => one.group === group && one.takes === 'new');
      return { able, onFailure };
    });
    const missing = links.filter(({ able }) => able.length === 0);
    if (missing.some(({ onFailure }) => onFailure === 'closed'))
      return { verdict: 'deny', ruleNum: SYNTHETIC_RULES['gateway-down'], tier: null, isRecorded: true };
    const enters = links.find(({ able }) => able.length > 0)?.able;
    return { ...decision, ...(enters && { enters }), links: links.map(({ able }) => able) };
  }

  /** The ports of mirrors that get a copy: of the vNICs that a packet is from and for, and of the rule that allows it. */
  function copies(one: Packet, { verdict, ruleNum }: Decision, { intent, local, mirrors }: Host): number[] {
    const ends = [one.src, one.dst].map((address) => holder(address, one.network, intent, local)?.num);
    const [sender] = ends;
    // What a quarantined vNIC sends arrives nowhere else.
    const isCut =
      sender !== undefined && local.has(sender) && intent.vnics.some((vnic) => vnic.num === sender && vnic.quarantined);
    const here = (isCut ? [sender] : ends).filter((num) => num !== undefined && local.has(num));
    const { mirror } = intent.rules.find(({ num }) => num === ruleNum) ?? {};
    const [src, dst] = ends;
    const isOneOfTwo = dst === undefined ? here.includes(src) : here.includes(dst);
    return mirrors.flatMap(({ id, vnics, port }) =>
      vnics.some((num) => here.includes(num)) || (mirror === id && verdict === 'allow' && isOneOfTwo)
        ? (port ?? [])
        : [],
    );
  }

  interface Seen extends Observation {
    readonly pending: Observation | undefined;
    /** Of each link of the chain. */
    readonly inspections: readonly Observation[];
    readonly outputs: readonly number[];
    readonly isRecorded: boolean;
    /** Ports of mirrors. */
    readonly copied: readonly number[];
  }

  /** What a packet's report would say that has none. */
  function unrecorded({ registers, tables, text }: Trace): Observation {
    const [rule, observed] = [registers[1], registers[3] ?? 0];
    assert.ok(rule !== undefined, `nobody decided:\n${text}`);
    const isDenied = tables.includes(TABLES.deny);
    return {
      verdict: isDenied ? 'deny' : 'allow',
      direction: observed & 2 && !isDenied ? 'reply' : 'original',
      point: observed & 1 ? 'ingress' : 'egress',
      ruleNum: rule,
      about: 'verdict',
    };
  }

  async function see(frame: Frame, ctNext: string): Promise<Seen> {
    const trace = await bridge.sw.trace(frameText(frame), { ctNext });
    const observations = trace.samples.map(({ domain, point }) => decodeObservation(domain, point));
    const only = (about: Observation['about']): Observation | undefined => {
      const [first, ...others] = observations.filter((one) => one?.about === about);
      assert.deepEqual(others, [], trace.text);
      return first;
    };
    const verdict = only('verdict');
    const isCopy = (port: number) => MIRRORS.some((one) => one.port === port);
    const [outputs, copied] = [false, true].map((wanted) => trace.outputs.filter((port) => isCopy(port) === wanted));
    return {
      ...(verdict ?? unrecorded(trace)),
      isRecorded: verdict !== undefined,
      pending: only('pending'),
      inspections: observations.filter((one) => one?.about === 'inspection') as Observation[],
      outputs: outputs!,
      copied: copied!,
    };
  }

  /** Runs `check` for random packets that this host has to judge. */
  async function everyPacket(
    count: number,
    options: (intent: HostIntent) => PipelineOptions,
    check: (packet: Packet, host: Host) => Promise<void>,
  ): Promise<void> {
    const property = fc.asyncProperty(scene, async ({ cloud, packets, absent, gateways, mirrors, largeSet }) => {
      const intent = intentAt(compileIntent(cloud, STAMP), AT);
      const local = new Set(intent.vnics.map(({ num }) => num).filter((num) => !absent.includes(num)));
      const ports = [...local].map((vnicNum) => ({ vnicNum, ofport: portOf(vnicNum), active: true }));
      const host = { intent, ports, uplink: UPLINK, gateways, mirrors, largeSet, options: options(intent) };
      const pipeline = createPipeline(host);
      await bridge.sw.flows.apply(pipeline.flows(), pipeline.meters());
      for (const one of packets) {
        const ends = [one.src, one.dst].map((address) => holder(address, one.network, intent, local)?.num ?? 0);
        if (!ends.some((num) => local.has(num))) continue;
        assert.deepEqual(evaluate(intent, one), evaluatePolicies(cloud, one, AT));
        assert.deepEqual(evaluatePending(intent, one), evaluatePendingPolicies(cloud, one, AT));
        await check(one, { intent, local, gateways, mirrors });
      }
    });
    await fc.assert(property, runs(count));
  }

  function assertDecision(
    seen: Seen,
    { verdict, ruleNum, links = [], isRecorded }: Judged,
    pending: PendingDecision | null,
    direction: 'original' | 'reply',
    frame: Frame,
  ) {
    const point = frame['in_port'] === UPLINK ? 'ingress' : 'egress';
    const where = { point, direction: verdict === 'deny' ? 'original' : direction } as const;
    // What would be is told before anybody looks for a gateway, and finds none.
    const isAllowed = verdict === 'allow' || ruleNum === SYNTHETIC_RULES['gateway-down'];
    const whereBefore = { point, direction: isAllowed ? direction : 'original' } as const;
    const { outputs, pending: seenPending, inspections, isRecorded: wasRecorded, copied: _, ...observed } = seen;
    assert.equal(wasRecorded, isRecorded ?? wasRecorded, frameText(frame));
    assert.deepEqual(observed, { verdict, ruleNum, ...where, about: 'verdict' }, frameText(frame));
    const expected = pending ? { ...pending, ...whereBefore, about: 'pending' } : undefined;
    assert.deepEqual(seenPending, expected, frameText(frame));
    const said = inspections.map((one) => ({ ...one, ...decodeInspector(one.ruleNum) }));
    // Of a shorter chain than another rule's the last links may say that nobody is there.
    for (const [link, able] of links.entries()) {
      const gateway = said.find((one) => one.link === link)?.gateway;
      assert.ok((able.length === 0 ? [NOBODY] : able.map(({ num }) => num)).includes(gateway!), frameText(frame));
    }
    assert.equal(new Set(said.map(({ link }) => link)).size, said.length);
    for (const { link, gateway, ...one } of said) {
      assert.ok(links.length > 0 && (link < links.length || gateway === NOBODY), frameText(frame));
      assert.deepEqual(one, { ...observed, ruleNum: one.ruleNum, about: 'inspection' });
    }
    if (verdict === 'deny') assert.deepEqual(outputs, []);
  }

  test('of new and of established connections', async () => {
    await everyPacket(
      150,
      () => ({}),
      async (one, host) => {
        const { intent, local } = host;
        const frame = frameOf(one, intent, local);
        const decision = judge(one, host);
        for (const state of ['trk,new', 'trk,est']) {
          const seen = await see(frame, state);
          assertDecision(seen, decision, evaluatePending(intent, one), 'original', frame);
          assert.deepEqual([...new Set(seen.copied)].sort(), copies(one, decision, host), frameText(frame));
          const to = holder(one.dst, one.network, intent, local);
          const port = to && local.has(to.num) ? portOf(to.num) : UPLINK;
          if (decision.verdict === 'deny') continue;
          if (decision.enters)
            assert.ok(seen.outputs.length === 1 && decision.enters.some(({ left }) => left === seen.outputs[0]));
          else if (port !== frame['in_port']) assert.deepEqual(seen.outputs, [port]);
        }
      },
    );
  });

  test('of replies: by the connection that they answer, or as a new connection of their own', async () => {
    await everyPacket(
      150,
      () => ({}),
      async (one, host) => {
        const { intent, local } = host;
        const frame = replyOf(one, intent, local);
        const [asked, own] = [judge(one, host), judge(asNew(one), host)];
        const mayTurn = one.port !== undefined && one.protocol !== 132;
        const [first, second] = [evaluate(intent, one), evaluate(intent, asNew(one))];
        const turns = mayTurn && first.verdict === 'deny' && second.verdict === 'allow';
        const [a, b] = [evaluatePending(intent, one), evaluatePending(intent, asNew(one))];
        const wouldTurn = mayTurn && (a ?? first).verdict === 'deny' && (b ?? second).verdict === 'allow';
        const seen = await see(frame, 'trk,est,rpl');
        assertDecision(seen, turns ? own : asked, wouldTurn ? b : a, turns ? 'original' : 'reply', frame);
      },
    );
  });

  test('of answers in the middle of connections that conntrack does not know, for vNICs that carry over', async () => {
    await everyPacket(
      150,
      (intent) => ({ carryOver: new Set(intent.vnics.map(({ num }) => num)) }),
      async (one, host) => {
        const { intent, local } = host;
        if (one.port === undefined || one.protocol === 132) return;
        const frame = replyOf(one, intent, local);
        const [asked, own] = [judge(one, host), judge(asNew(one), host)];
        // By what the rules say: that there is no gateway comes after.
        const [first, second] = [evaluate(intent, one), evaluate(intent, asNew(one))];
        const carried = second.verdict === 'deny' && first.verdict === 'allow';
        const [a, b] = [evaluatePending(intent, one), evaluatePending(intent, asNew(one))];
        const pending = (b ?? second).verdict === 'deny' && (a ?? first).verdict === 'allow' ? a : b;
        const seen = await see(frame, 'trk,new');
        assertDecision(seen, carried ? asked : own, pending, carried ? 'reply' : 'original', frame);
      },
    );
  });
});
