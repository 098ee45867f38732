import { GATEWAY_PROBE_ETHERTYPE, type HostIntent, type IntentRule, SYNTHETIC_RULES, TIERS } from '@hypervigil/model';
import {
  ACCEPT,
  ct,
  type Direction,
  DROP,
  equals,
  field,
  match,
  meta,
  type NftCommand,
  type NftExpression,
  type NftStatement,
  oneOf,
} from '@hypervigil/nft';
import { type Block, EFFECT } from '@hypervigil/policy';
import { createAddressSets, type Side } from './address-sets.ts';
import { counterName } from './counters.ts';
import { ENDED, encodeMark, JUDGED_MASK } from './mark.ts';
import { blocksOf, type Ownership, ownershipOf } from './ownership.ts';
import { DNS, heldQuestions, QUESTIONS } from './questions.ts';
import { type ServiceMatch, serviceMatches } from './services.ts';
import { addChain, addCounter, addRule, addTable, deleteTable } from './table.ts';

/** Where packets of a network are met: with this VLAN tag, or without one (null). */
interface Lane {
  readonly vlan: number | null;
  readonly network: number;
}

export interface GatewayRuleset {
  readonly intent: HostIntent;
  readonly lanes: readonly Lane[];
  /** Distinguishes this ruleset's judgements from those of the ones before. */
  readonly generation: number;
  /** The slot that stands for a rule's number in connection marks. */
  readonly slotOf: (rule: number) => number;
  /** Whether the beginning of each connection is copied to the detector. */
  readonly detect: boolean;
  /** Whether connections may go on whose beginning conntrack has not seen: the first that it sees may be an answer. */
  readonly pickup: boolean;
}

/** The netlink group on which packets are copied: the beginnings of connections, and what was denied. */
export const SAMPLE_GROUP = 5;

/** A TLS handshake with certificates, with room for lost segments; nDPI gives up after 80 packets at the latest. */
const SAMPLE_PACKETS = 32;
const SAMPLE_BYTES = 65_535;
/** Denied packets are copied at most so often, so that a flood of them costs nothing. */
const DENIED = { rate: 500, per: 'second', burst: 500 } as const;

/** Neighbour and router solicitation and advertisement: conntrack does not track them (RFC 4861). */
const NEIGHBOUR_DISCOVERY = [133, 134, 135, 136];

/**
 * The bridge firewall as one transaction that replaces the one before: a packet meets all of the old one or all of the
 * new one.
 *
 * ```
 * prerouting: VLAN → conntrack zone of its network
 * forward:    ARP, neighbour discovery, probes → accept · not IP, invalid → drop
 *             ended → drop (TCP is reset before) · mark of this generation → allowed or denied, as judged
 *             VLAN → net_N → net_N_emergency … net_N_baseline → defaults → allowed or denied
 * ```
 *
 * Rules look at the connection as it was opened (`ct original`), so an answer that comes first after a change is judged
 * as the connection that it belongs to. What was opened comes in left and its answers right: a connection of which an
 * answer was seen first is the wrong way round for conntrack (`ct reply`), and meets chains of its own.
 */
export function compileGateway(input: GatewayRuleset): NftCommand[] {
  const { intent, lanes } = input;
  const networks = [...new Set(lanes.map((lane) => lane.network))];
  const sets = createAddressSets();
  const chains = networks.flatMap((network) =>
    waysOf(input).flatMap((opened) => networkChains(input, network, sets, opened)),
  );
  const synthetic = ['default-deny', 'ct-invalid', 'tenant-isolation', 'same-tenant', 'not-ip', 'quarantine'] as const;
  const counted = new Set([...synthetic.map((name) => SYNTHETIC_RULES[name]), ...intent.rules.map(({ num }) => num)]);
  return [
    // Deleting what is not there is an error, adding what is there is none.
    addTable,
    deleteTable,
    addTable,
    ...[...counted].map((num) => addCounter(counterName(num))),
    ...sets.commands(),
    ...outcomes(input),
    ...chains,
    ...zones(lanes),
    ...forward(input),
  ];
}

/** What a bridge does with frames for itself and of its own: nothing, it has no business with anybody. */
function outcomes(input: GatewayRuleset): NftCommand[] {
  const copy = { log: { group: SAMPLE_GROUP, snaplen: SAMPLE_BYTES, 'queue-threshold': 1 } } as const;
  const marked = { mangle: { key: meta('mark'), value: ct('mark') } } as const;
  const copied = input.detect ? [marked, copy] : [];
  return [
    addChain('allowed'),
    ...heldQuestions(input, copied),
    ...(input.detect
      ? [
          addRule('allowed', [...DNS, { limit: QUESTIONS }, ...copied, ACCEPT]),
          addRule('allowed', [match('<', ct('packets'), SAMPLE_PACKETS), ...copied]),
        ]
      : []),
    addRule('allowed', [ACCEPT]),
    addChain('denied'),
    addRule('denied', [{ limit: DENIED }, copy]),
    addRule('denied', [DROP]),
    // Whoever goes on with a connection that was ended is told so, in the other end's name. A bridge can do that here alone (`nft_reject_bridge_validate`).
    addChain('ended', { type: 'filter', hook: 'prerouting', prio: -100, policy: 'accept' }),
    addRule('ended', [isEnded, equals(meta('l4proto'), 6), { reject: { type: 'tcp reset' } }]),
    addChain('input', { type: 'filter', hook: 'input', prio: 0, policy: 'drop' }),
    addChain('output', { type: 'filter', hook: 'output', prio: 0, policy: 'drop' }),
    addRule('output', [match('in', field('tcp', 'flags'), 'rst'), ACCEPT]),
  ];
}

const isEnded = equals({ '&': [ct('mark'), ENDED] }, ENDED);

const onVlan = (vlan: number): NftStatement => equals(field('vlan', 'id'), vlan);
const untagged: NftStatement = match('!=', field('ether', 'type'), '8021q');

/** The same address on two networks is two ends: each network has its own connections. */
function zones(lanes: readonly Lane[]): NftCommand[] {
  return [
    // Before conntrack (-200).
    addChain('prerouting', { type: 'filter', hook: 'prerouting', prio: -300, policy: 'accept' }),
    ...lanes.map(({ vlan, network }) =>
      addRule('prerouting', [
        vlan === null ? untagged : onVlan(vlan),
        { mangle: { key: ct('zone'), value: network } },
        ACCEPT,
      ]),
    ),
  ];
}

/** In which directions connections may have been opened, as conntrack has them. */
const waysOf = ({ pickup }: GatewayRuleset): readonly Direction[] => (pickup ? ['original', 'reply'] : ['original']);

function forward(input: GatewayRuleset): NftCommand[] {
  const { lanes, generation } = input;
  const rule = (...statements: NftStatement[]) => addRule('forward', statements);
  const toNetworks = (opened: Direction) =>
    lanes.map(({ vlan, network }): NftStatement[] => [
      vlan === null ? untagged : onVlan(vlan),
      { goto: { target: chainOf(network, opened) } },
    ]);
  const isReversed = (port: 'left' | 'right', direction: Direction) =>
    rule(equals(meta('iifname'), port), equals(ct('direction'), direction), { goto: { target: 'reversed' } });
  const [reversed, opened] = [toNetworks('reply'), toNetworks('original')];
  const judged = (verdict: 'allow' | 'deny') =>
    equals({ '&': [ct('mark'), JUDGED_MASK] }, encodeMark({ generation, verdict, slot: 0 }));
  const counter = (name: keyof typeof SYNTHETIC_RULES) => ({ counter: counterName(SYNTHETIC_RULES[name]) });
  return [
    ...(input.pickup
      ? [addChain('reversed'), ...[...reversed, [counter('default-deny'), DROP]].map((one) => addRule('reversed', one))]
      : []),
    addChain('forward', { type: 'filter', hook: 'forward', prio: 0, policy: 'drop' }),
    rule(equals(meta('protocol'), oneOf(['arp', GATEWAY_PROBE_ETHERTYPE])), ACCEPT),
    rule(match('!=', meta('protocol'), oneOf(['ip', 'ip6'])), counter('not-ip'), DROP),
    rule(match('in', ct('state'), 'untracked'), equals(field('icmpv6', 'type'), oneOf(NEIGHBOUR_DISCOVERY)), ACCEPT),
    rule(match('in', ct('state'), oneOf(['invalid', 'untracked'])), counter('ct-invalid'), DROP),
    rule(isEnded, DROP),
    rule(judged('allow'), { goto: { target: 'allowed' } }),
    rule(judged('deny'), DROP),
    // An error that speaks of a connection (ICMP) shares its mark: until that is judged, nobody misses the error.
    rule(match('in', ct('state'), 'related'), DROP),
    ...(input.pickup ? [isReversed('left', 'reply'), isReversed('right', 'original')] : []),
    ...opened.map((one) => rule(...one)),
    rule(counter('default-deny'), DROP),
  ];
}

const chainOf = (network: number, opened: Direction, tier?: string): string =>
  ['net', network, ...(tier ? [tier] : []), ...(opened === 'reply' ? ['reversed'] : [])].join('_');

function networkChains(
  input: GatewayRuleset,
  network: number,
  sets: ReturnType<typeof createAddressSets>,
  opened: Direction,
): NftCommand[] {
  const owners = ownershipOf(input.intent, network);
  const peersOf = (nums: readonly number[] | null) =>
    nums === null ? null : peerBlocks(input.intent, nums, network, owners);
  const cloud = sets.side(owners.cloud);
  const tenant = (num: number) => sets.side(owners.tenants.get(num) ?? []);

  /** From whom to whom a rule speaks, as far as its author may speak: each a pair of sides. */
  function scopes(rule: IntentRule): [Side, Side][] {
    if (rule.tenant === null) return [[null, null]];
    const own = tenant(rule.tenant);
    const outside = cloud && { ...cloud, isNot: true };
    return [
      [own, own],
      [own, outside],
      [outside, own],
    ];
  }

  const tiers = TIERS.map((tier) => {
    const chain = chainOf(network, opened, tier);
    const rules = input.intent.rules.filter((rule) => rule.tier === tier).sort((a, b) => a.order - b.order);
    return [
      addChain(chain),
      ...rules.flatMap((rule) => {
        const [from, to] = [peersOf(rule.from), peersOf(rule.to)];
        const sides: [Side, Side] = [from && sets.side(from), to && sets.side(to)];
        const services: ServiceMatch[] =
          rule.services.length === 0 ? [{ family: null, match: [] }] : serviceMatches(rule.services, opened);
        const matches = scopes(rule).flatMap((scope) =>
          services.flatMap((service) =>
            sets.matches([scope, sides], service.family, opened).map((m) => [...m, ...service.match]),
          ),
        );
        return matches.map((m) => addRule(chain, [...m, ...decision(input, rule.action, rule.num)]));
      }),
    ];
  });
  const intraTenant = new Map(input.intent.tenants.map(({ num, intraTenant }) => [num, intraTenant]));
  const chain = chainOf(network, opened);
  const byDefault = (ends: [Side, Side], verdict: 'allow' | 'deny', name: keyof typeof SYNTHETIC_RULES) =>
    sets
      .matches([ends], null, opened)
      .map((m) => addRule(chain, [...m, ...decision(input, verdict, SYNTHETIC_RULES[name])]));
  return [
    ...tiers.flat(),
    addChain(chain),
    ...(owners.quarantined.length === 0
      ? []
      : [
          ...byDefault([sets.side(owners.quarantined), null], 'deny', 'quarantine'),
          ...byDefault([null, sets.side(owners.quarantined)], 'deny', 'quarantine'),
        ]),
    ...TIERS.map((tier) => addRule(chain, [{ jump: { target: chainOf(network, opened, tier) } }])),
    ...[...owners.tenants.keys()].flatMap((num) => {
      const ends: [Side, Side] = [tenant(num), tenant(num)];
      return intraTenant.get(num) === 'allow'
        ? byDefault(ends, 'allow', 'same-tenant')
        : byDefault(ends, 'deny', 'default-deny');
    }),
    ...byDefault([cloud, cloud], 'deny', 'tenant-isolation'),
    ...byDefault([null, null], 'deny', 'default-deny'),
  ];
}

function peerBlocks(intent: HostIntent, nums: readonly number[], network: number, owners: Ownership): Block[] {
  return nums.flatMap((num) => {
    const set = intent.sets.find((one) => one.num === num);
    if (!set) return [];
    if (set.tenant !== null) return [...(owners.tenants.get(set.tenant) ?? [])];
    return blocksOf(set.members.filter((m) => (m.network ?? network) === network).map((m) => m.cidr));
  });
}

/** What a rule does. `pass` returns to the network's chain, which goes on with the next tier. */
function decision(input: GatewayRuleset, action: IntentRule['action'], num: number): NftStatement[] {
  const counter = { counter: counterName(num) };
  const effect = EFFECT[action];
  if (effect === 'pass') return [counter, { return: null }];
  const mark = encodeMark({ generation: input.generation, verdict: effect, slot: input.slotOf(num) });
  const write = (key: NftExpression): NftStatement => ({ mangle: { key, value: mark } });
  const target = effect === 'allow' ? 'allowed' : 'denied';
  // The packet's own mark travels with its copy: a denied connection is never entered, and so has none to look up.
  return [counter, write(ct('mark')), write(meta('mark')), { goto: { target } }];
}
