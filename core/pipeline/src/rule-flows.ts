import { INTENT_RULE_DEFAULTS, type IntentRule, type IntentService, SYNTHETIC_RULES } from '@hypervigil/model';
import { EFFECT, recordingOf } from '@hypervigil/policy';
import { actions, ask, next, set, setBits } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { bitMatch } from './large-sets.ts';
import { ruleLimitFlows } from './limit-flows.ts';
import { ruleLinkFlows } from './link-flows.ts';
import { type Match, masked, noBits, portMatches, protocolMatch } from './match.ts';
import type { MemberMatches } from './member-matches.ts';
import { ALWAYS } from './observation.ts';
import { pendingSamples } from './pending-flows.ts';
import type { PlacedRule } from './placed-rules.ts';
import { allowSamples } from './record-flows.ts';
import { denySamples } from './refuse.ts';
import { COMMIT, FLAG, REG, VERDICT } from './registers.ts';
import { afterTier, TIER_TABLES, WAYS, type Way } from './tables.ts';

export type Side = 'from' | 'to';

/**
 * All flows of a rule but those of its sets' members. A rule has up to three dimensions: source, destination, service.
 * With two or more they are a conjunction named by the rule's number; with one or none, plain flows.
 */
export function ruleFlows(placed: PlacedRule, establishedProbability: number): FlowSpec[] {
  const { rule, priority, staged } = placed;
  const owner = cookie('rule', rule.num);
  const count = dimensions(rule).length;
  const decide = WAYS.flatMap((way) => {
    const match = count === 0 ? scope(placed) : count === 1 ? undefined : { conj_id: rule.num };
    return match ? [flow(TIER_TABLES[way][rule.tier], priority, match, decision(placed, way), owner)] : [];
  });
  const services = WAYS.flatMap((way) =>
    rule.services
      .flatMap((service) => serviceMatches(service, way))
      .map((match) => dimensionFlow(placed, way, 'service', match)),
  );
  const outcome = staged ? pendingSamples : outcomeFlows;
  return [...decide, ...unique(services), ...outcome(rule, owner, establishedProbability)];
}

/** The flows that a set's member adds to a rule. */
export function memberFlows(placed: PlacedRule, side: Side, member: MemberMatches): FlowSpec[] {
  return WAYS.flatMap((way) =>
    member[isSource(side, way) ? 'src' : 'dst'].map((match) => dimensionFlow(placed, way, side, match)),
  );
}

/** The flows that a tenant's set adds to a rule: its addresses' owner is in a register already. */
export function tenantFlows(placed: PlacedRule, side: Side, tenant: number): FlowSpec[] {
  return WAYS.map((way) =>
    dimensionFlow(placed, way, side, { [isSource(side, way) ? REG.source : REG.destination]: tenant }),
  );
}

/** The flow that a large set adds to a rule, each way. */
export function largeSetFlows(placed: PlacedRule, side: Side, bit: number): FlowSpec[] {
  return WAYS.map((way) =>
    dimensionFlow(placed, way, side, bitMatch(isSource(side, way) ? 'source' : 'destination', bit)),
  );
}

function dimensions(rule: IntentRule): (Side | 'service')[] {
  return [
    ...(rule.from ? (['from'] as const) : []),
    ...(rule.to ? (['to'] as const) : []),
    ...(rule.services.length > 0 ? (['service'] as const) : []),
  ];
}

function dimensionFlow(placed: PlacedRule, way: Way, dimension: Side | 'service', match: Match): FlowSpec {
  const { rule, priority } = placed;
  const all = dimensions(rule);
  const clause = `conjunction(${rule.num},${all.indexOf(dimension) + 1}/${all.length})`;
  const does = all.length === 1 ? decision(placed, way) : clause;
  return flow(TIER_TABLES[way][rule.tier], priority, { ...match, ...scope(placed) }, does, cookie('rule', rule.num));
}

const scope = ({ rule, staged }: PlacedRule): Match => ({
  ...(rule.tenant === null ? {} : { [REG.scope]: rule.tenant }),
  ...(staged ? { [REG.pendingVerdict]: 0 } : {}),
});

function decision({ rule, staged }: PlacedRule, way: Way): string {
  const name = set(staged ? REG.pendingRule : REG.rule, rule.num);
  const effect = EFFECT[rule.action];
  if (effect === 'pass') return actions(staged && name, next(afterTier(way, rule.tier)));
  return actions(name, set(REG.verdict, VERDICT[effect]), !staged && throughGateway(rule));
}

const throughGateway = ({ inspect }: Pick<IntentRule, 'inspect'>): string =>
  inspect
    ? actions(set(REG.chain, inspect.group), inspect.onFailure === 'open' && setBits(REG.flags, FLAG.failOpen))
    : '';

const isSource = (side: Side, way: Way): boolean => (side === 'from') === (way === 'original');

function serviceMatches({ family, protocol, ports, icmp }: IntentService, way: Way): Match[] {
  const families = ([4, 6] as const).filter((one) => family === 'ip' || (family === 'ipv4') === (one === 4));
  return families.flatMap((one): Match[] => {
    if (protocol === null) return [{ word: one === 4 ? 'ip' : 'ipv6' }];
    const base = protocolMatch(one, protocol);
    if (ports) {
      const field = way === 'original' ? 'tp_dst' : 'tp_src';
      return portMatches(ports.first, ports.last).map((value) => ({ ...base, [field]: value }));
    }
    if (!icmp) return [base];
    const type = way === 'original' ? icmp.type : ICMP_REPLIES.get(icmp.type);
    return type === undefined ? [] : [{ ...base, icmp_type: type, icmp_code: icmp.code ?? undefined }];
  });
}

/** The ICMP and ICMPv6 requests that conntrack follows, and their replies (Open vSwitch lib/conntrack.c, reverse_icmp_type). */
const ICMP_REPLIES = new Map([
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
  [128, 129],
]);

/** What follows the rule's verdict: its samples, and what its connections remember of it. */
function outcomeFlows(rule: IntentRule, owner: bigint, establishedProbability: number): FlowSpec[] {
  if (rule.action === 'pass') return [];
  if (EFFECT[rule.action] === 'allow')
    return [...allowOutcome(rule, owner, establishedProbability), ...ruleLimitFlows(rule)];
  const { oneIn } = recordingOf(rule);
  const probability = oneIn === 0 ? 0 : Math.ceil(ALWAYS / oneIn);
  return denySamples(rule.num, { owner, probability, after: rule.action === 'reject' ? next('reject') : undefined });
}

/** `same-tenant` allows as a rule does. */
export const sameTenantFlows = (establishedProbability: number): FlowSpec[] =>
  allowOutcome(
    { ...INTENT_RULE_DEFAULTS, num: SYNTHETIC_RULES['same-tenant'] },
    cookie('pipeline'),
    establishedProbability,
  );

function allowOutcome(
  rule: Pick<IntentRule, 'num' | 'inspect' | 'log' | 'logSampling' | 'mirror'>,
  owner: bigint,
  establishedProbability: number,
): FlowSpec[] {
  const ruleNum = rule.num;
  const labelled = { ct_label: masked(ruleNum, 0xffff_ffff) };
  // A connection that was just given a gateway has something to remember.
  const known = rule.inspect ? { [REG.flags]: noBits(FLAG.chosen) } : {};
  return [
    ...ruleLinkFlows(ruleNum, rule.inspect?.next ?? []),
    ...allowSamples(
      {
        ruleNum,
        recording: recordingOf(rule),
        established: establishedProbability,
        onward: actions(rule.mirror !== null && ask('mirrored'), next('commit')),
      },
      owner,
    ),
    flow('commit', 20, { ...labelled, ...known, [REG.rule]: ruleNum, [REG.commit]: COMMIT.none }, next('steer'), owner),
    flow(
      'relatedRule',
      10,
      labelled,
      actions(set(REG.rule, ruleNum), set(REG.commit, COMMIT.related), throughGateway(rule), next('chain')),
      owner,
    ),
  ];
}

function unique(flows: readonly FlowSpec[]): FlowSpec[] {
  return [...new Map(flows.map((one) => [`${one.table} ${one.match}`, one])).values()];
}
