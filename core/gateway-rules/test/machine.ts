import type { NftCommand, NftExpression, NftStatement } from '@hypervigil/nft';
import { contains, type Packet, parseBlock } from '@hypervigil/policy';

/** A packet of a connection, as the kernel's bridge firewall sees it. */
export interface Seen {
  readonly vlan: number | null;
  /** As the connection was opened, whichever way this packet goes. */
  readonly opened: Packet;
  /** Where the packet comes in: what opened the connection left, answers right. */
  readonly port: 'left' | 'right';
  /** Which way conntrack says that it goes: what it has seen first is `original` to it. */
  readonly direction: 'original' | 'reply';
  readonly state: 'new' | 'established' | 'related' | 'invalid';
  readonly mark: number;
}

export interface Outcome {
  /** `queue`: somebody reads it before it may pass. */
  readonly verdict: 'accept' | 'drop' | 'queue';
  readonly mark: number;
  readonly counted: readonly string[];
}

/** Of whoever opens connections. */
const CLIENT_PORT = 40_000;

type Verdict = 'accept' | 'drop' | 'queue' | 'return' | undefined;

/** Carries out a ruleset on one packet: nft's meaning of the statements that we use, and a failure for any other. */
export function runRuleset(commands: readonly NftCommand[], packet: Seen): Outcome {
  const chains = new Map<string, NftStatement[][]>();
  const sets = new Map<string, readonly NftExpression[]>();
  for (const { add } of commands as readonly { add?: Record<string, Record<string, unknown>> }[]) {
    const { chain, rule, set } = add ?? {};
    if (chain) chains.set(String(chain['name']), []);
    if (rule) chains.get(String(rule['chain']))!.push(rule['expr'] as NftStatement[]);
    if (set) sets.set(`@${String(set['name'])}`, set['elem'] as NftExpression[]);
  }
  let mark = packet.mark;
  const counted: string[] = [];

  function run(name: string): Verdict {
    for (const statements of chains.get(name) ?? assertNever(name)) {
      const verdict = step(statements);
      if (verdict === 'return') return undefined;
      if (verdict) return verdict;
    }
    return undefined;
  }

  function step(statements: readonly NftStatement[]): Verdict {
    for (const statement of statements) {
      if ('match' in statement) {
        if (!holds(statement.match)) return undefined;
      } else if ('counter' in statement) counted.push(statement.counter);
      else if ('mangle' in statement) {
        const { key, value } = statement.mangle;
        if (typeof key === 'object' && 'ct' in key && key.ct.key === 'mark') mark = Number(value);
      } else if ('accept' in statement) return 'accept';
      else if ('queue' in statement) return 'queue';
      else if ('drop' in statement) return 'drop';
      else if ('return' in statement) return 'return';
      else if ('goto' in statement) return run(statement.goto.target) ?? 'return';
      else if ('jump' in statement) {
        const verdict = run(statement.jump.target);
        if (verdict) return verdict;
      } else if (!('log' in statement || 'limit' in statement || 'set' in statement))
        assertNever(JSON.stringify(statement));
    }
    return undefined;
  }

  function holds({ op, left, right }: Extract<NftStatement, { match: unknown }>['match']): boolean {
    const value = read(left);
    if (value === undefined) return false;
    const within = includes(right, value);
    return op === '!=' ? !within : op === '<' ? Number(value) < Number(right) : within;
  }

  function includes(right: NftExpression, value: number | string): boolean {
    if (typeof right === 'string' && right.startsWith('@')) return includes({ set: sets.get(right)! }, value);
    if (typeof right !== 'object') return right === value || isBlock(String(right), value);
    if ('set' in right) return right.set.some((one) => includes(one, value));
    if ('range' in right) return right.range[0] <= Number(value) && Number(value) <= right.range[1];
    if ('prefix' in right) return isBlock(`${right.prefix.addr}/${right.prefix.len}`, value);
    return assertNever(JSON.stringify(right));
  }

  function read(left: NftExpression): number | string | undefined {
    const { opened, port, direction } = packet;
    const isReversed = (port === 'left') !== (direction === 'original');
    const six = opened.src.includes(':');
    if (typeof left !== 'object') return assertNever(String(left));
    if ('&' in left) return Number(BigInt(Number(read(left['&'][0]))) & BigInt(left['&'][1]));
    if ('payload' in left) {
      if (left.payload.protocol === 'vlan') return packet.vlan ?? undefined;
      if (left.payload.protocol === 'ether') return packet.vlan === null ? (six ? 'ip6' : 'ip') : '8021q';
      if (left.payload.protocol === 'udp')
        return opened.protocol !== 17 ? undefined : port === 'left' ? opened.port : CLIENT_PORT;
      return opened.icmp?.type;
    }
    if ('meta' in left)
      return left.meta.key === 'iifname' ? port : left.meta.key === 'protocol' ? (six ? 'ip6' : 'ip') : opened.protocol;
    if (!('ct' in left)) return assertNever(JSON.stringify(left));
    const asOpened = (left.ct.dir === 'reply') === isReversed;
    const [src, dst] = asOpened ? [opened.src, opened.dst] : [opened.dst, opened.src];
    switch (left.ct.key) {
      case 'direction':
        return direction;
      case 'state':
        return packet.state;
      case 'mark':
        return mark;
      case 'packets':
        return 1;
      case 'l3proto':
        return six ? 'ipv6' : 'ipv4';
      case 'protocol':
        return opened.protocol;
      case 'proto-dst':
        if (!asOpened) return CLIENT_PORT;
        return opened.icmp ? opened.icmp.type * 256 + opened.icmp.code : (opened.port ?? 0);
      case 'ip saddr':
      case 'ip6 saddr':
        return six === (left.ct.key === 'ip6 saddr') ? src : undefined;
      case 'ip daddr':
      case 'ip6 daddr':
        return six === (left.ct.key === 'ip6 daddr') ? dst : undefined;
      default:
        return assertNever(left.ct.key);
    }
  }

  const verdict = run('forward');
  return { verdict: verdict === 'accept' || verdict === 'queue' ? verdict : 'drop', mark, counted };
}

function isBlock(cidr: string, address: number | string): boolean {
  const [block, point] = [parseBlock(cidr), parseBlock(String(address))];
  return block !== undefined && point !== undefined && contains(block, point);
}

function assertNever(what: string): never {
  throw new Error(`the ruleset has something unknown: ${what}`);
}
