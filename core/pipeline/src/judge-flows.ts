import { SYNTHETIC_RULES, type SyntheticRule, TIERS } from '@hypervigil/model';
import { actions, ask, clearBits, copy, next, set, setBits, wide } from './actions.ts';
import { DOUBTFUL } from './doubtful.ts';
import { type FlowSpec, flow } from './flow.ts';
import { chainFlows } from './gateway-flows.ts';
import { bits, hex, MULTICAST, noBits, UNICAST } from './match.ts';
import { mirrorTables } from './mirror-flows.ts';
import { refuse } from './refuse.ts';
import { COMMIT, FLAG, LINKS, OBSERVED, OWNER, REG, REVERSED_MARK, VERDICT } from './registers.ts';
import { afterTier, TABLES, TIER_TABLES, WAYS } from './tables.ts';

/** `ct` wants to know that it meets IP. */
const IP = ['ip', 'ipv6'] as const;

/** Whose a packet's ends are, and in which large sets. */
const ENDS = ['sourceOwner', 'destinationOwner', 'sourceSets', 'destinationSets'] as const;

/** How a packet is judged and what becomes of it: the part that is the same on every host. */
export function judgeFlows(): FlowSpec[] {
  return [
    ...conntrackFlows(),
    flow('owners', 0, {}, actions(...ENDS.map(ask), ask('scope'), next('state'))),
    ...stateFlows(),
    // Whoever sent an error over the trunk was asked on its own host; a router out there may speak of any connection.
    flow('related', 10, { [REG.vnic]: 0 }, next('relatedRule')),
    flow('related', 0, {}, refuse('ct-invalid')),
    flow('relatedRule', 0, {}, refuse('ct-invalid')),
    ...tierFlows(),
    ...defaultFlows(),
    ...verdictFlows(),
    flow('sample', 0, {}, next('commit')),
    ...chainFlows(),
    ...mirrorTables(),
    ...commitFlows(),
    flow('output', 30, { dl_dst: MULTICAST }, next('flood')),
    flow('output', 20, { [REG.port]: 0 }, next('uplink')),
    flow('output', 10, {}, `output:${wide(REG.port, '0..15')}`),
  ];
}

function conntrackFlows(): FlowSpec[] {
  const strangers = { [REG.flags]: bits(FLAG.trunk), [REG.port]: 0, dl_dst: UNICAST };
  const track = `ct(table=${TABLES.owners},zone=${wide(REG.network, '0..15')})`;
  const neighbours = actions(ask('destinationOwner'), next('onLink'));
  return [
    flow('conntrack', 100, strangers, 'drop'),
    // Neighbour Discovery and conntrack do not go together (OVN 071cd7385); its own tables have judged it.
    flow('conntrack', 95, { word: 'arp' }, next('output')),
    ...[130, 134, 135, 136].map((icmp_type) => flow('conntrack', 95, { word: 'icmp6', icmp_type }, neighbours)),
    ...IP.map((word) => flow('conntrack', 90, { word, nw_frag: 'yes' }, refuse('fragment'))),
    ...IP.map((word) => flow('conntrack', 50, { word }, track)),
    flow('conntrack', 0, {}, 'drop'),
  ];
}

/** Which way round the rules are asked: a connection is always judged as the end that began it sent it. */
function stateFlows(): FlowSpec[] {
  const original = actions(ask('pending'), ask('emergency'), next('verdict'));
  const reply = actions(setBits(REG.observed, OBSERVED.reply), ask('pending'), ask('emergencyReply'), next('verdict'));
  const state = (priority: number, ct_state: string, mark: number | undefined, does: string) =>
    flow(
      'state',
      priority,
      { ct_state, ct_mark: mark === undefined ? undefined : mark ? bits(mark) : noBits(REVERSED_MARK) },
      does,
    );
  return [
    flow('state', 110, { [REG.flags]: bits(FLAG.quarantine) }, refuse('quarantine')),
    state(100, '+inv+trk', undefined, refuse('ct-invalid')),
    state(90, '+new+trk', undefined, actions(set(REG.commit, COMMIT.begin), original)),
    state(85, '+rel+trk', undefined, next('related')),
    state(80, '+est-rpl+trk', 0, original),
    state(80, '+est+rpl+trk', 0, reply),
    state(80, '+est+rpl+trk', REVERSED_MARK, original),
    state(80, '+est-rpl+trk', REVERSED_MARK, reply),
    flow('state', 0, {}, refuse('ct-invalid')),
  ];
}

function tierFlows(): FlowSpec[] {
  return WAYS.flatMap((way) => TIERS.map((tier) => flow(TIER_TABLES[way][tier], 0, {}, next(afterTier(way, tier)))));
}

/** Nothing spoke of the packet: what tenants' own defaults (at a higher priority) leave over. */
function defaultFlows(): FlowSpec[] {
  const deny = (rule: SyntheticRule) => actions(set(REG.rule, SYNTHETIC_RULES[rule]), set(REG.verdict, VERDICT.deny));
  return [
    flow('defaults', 20, { [REG.source]: OWNER.outside }, deny('default-deny')),
    flow('defaults', 20, { [REG.destination]: OWNER.outside }, deny('default-deny')),
    flow('defaults', 0, {}, deny('tenant-isolation')),
  ];
}

const range = (first: number): string => `${first}..${first + 15}`;
const RELABEL = actions(
  `move:${wide(REG.rule)}->${wide('ct_label', '0..31')}`,
  ...LINKS.map(({ register, half, label }) => `move:${wide(register, range(half))}->${wide('ct_label', range(label))}`),
  `move:${wide(REG.flags, '16')}->${wide('ct_mark', '1')}`,
);
const zone = `zone=${wide(REG.network, '0..15')}`;
/** The connection remembers the rule that judged it last, whom ICMP errors about it follow, whether it is recorded, and its gateway. */
const relabel = `ct(commit,${zone},exec(${RELABEL}))`;

function verdictFlows(): FlowSpec[] {
  const forget = actions(copy(REG.rule, REG.firstRule), set(REG.verdict, 0));
  const asReply = actions(
    forget,
    setBits(REG.observed, OBSERVED.reply),
    set(REG.commit, COMMIT.reversed),
    ask(TIER_TABLES.reply.emergency),
    next('secondOpinion'),
  );
  const asNew = actions(
    forget,
    clearBits(REG.observed, OBSERVED.reply),
    set(REG.commit, COMMIT.turned),
    ask(TIER_TABLES.original.emergency),
    next('secondOpinion'),
  );
  const recall = copy(REG.firstRule, REG.rule);
  const allow = actions(ask('pendingSample'), ask('limits'), next('chain'));
  const deny = actions(ask('pendingSample'), next('deny'));
  const known = { [REG.verdict]: VERDICT.deny, [REG.commit]: COMMIT.none };
  return [
    flow('verdict', 30, { [REG.verdict]: VERDICT.allow }, allow),
    ...DOUBTFUL.map(({ match, as }) => flow('verdict', 20, match, as === 'reply' ? asReply : asNew)),
    ...IP.map((word) => flow('verdict', 10, { word, ...known }, actions(relabel, deny))),
    flow('verdict', 0, {}, deny),
    flow('secondOpinion', 20, { [REG.verdict]: VERDICT.allow }, allow),
    ...IP.map((word) =>
      flow('secondOpinion', 10, { word, [REG.commit]: COMMIT.turned }, actions(recall, relabel, deny)),
    ),
    flow('secondOpinion', 0, {}, actions(recall, deny)),
  ];
}

function commitFlows(): FlowSpec[] {
  const commit = (kind: number, does: string) =>
    IP.map((word) => flow('commit', 10, { word, [REG.commit]: kind }, actions(does, next('steer'))));
  const begin = (mark: string, force = '') => `ct(commit,${force}${zone},exec(set_field:${mark}->ct_mark,${RELABEL}))`;
  return [
    ...commit(COMMIT.none, relabel),
    ...commit(COMMIT.begin, begin('0')),
    ...commit(COMMIT.reversed, begin(hex(REVERSED_MARK))),
    ...commit(COMMIT.turned, begin('0', 'force,')),
    flow('commit', 0, {}, next('steer')),
  ];
}
