import { addressesOf, difference, EVERY4, EVERY6, intersection, union } from './addresses.ts';
import { both, everyMatch, hasPorts, type Match, otherPorts, protocolOf } from './match.ts';
import type { Reason } from './report.ts';

/** What a rule is about; without a match it decides nothing here. */
export interface ParsedRule {
  readonly match?: Match;
  readonly target: string;
  readonly isGoto: boolean;
  readonly comment: string;
  readonly problem?: Reason;
  /** Why it decides nothing although nothing is wrong. */
  readonly note?: Reason;
  /** An address of the machine's own stands for the machine. */
  readonly isApproximate?: boolean;
}

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'];
const KNOWN_MODULES = new Set([
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'conntrack',
  'state',
  'multiport',
  'comment',
  'iprange',
]);

/** Where a rule stands: the IP version, the chains that there are, and the kernel's chain from which it is reached. */
interface Context {
  readonly family: 4 | 6;
  readonly chains: ReadonlyMap<string, unknown>;
  readonly base: string;
}

/** Reads the words of one rule after `-A CHAIN`. */
export function parseRule(words: readonly string[], { family, chains, base }: Context): ParsedRule {
  const every = family === 4 ? EVERY4 : EVERY6;
  let match: Match = everyMatch(family);
  let target = '';
  let isGoto = false;
  let comment = '';
  let states: readonly string[] = STATES;
  let problem: Reason | undefined;
  let never = false;
  let isApproximate = false;
  const refuse = (reason: Reason) => {
    problem ??= reason;
  };
  const narrow = (other: Match | undefined) => {
    const narrower = other && both(match, other);
    if (narrower) match = narrower;
    else never = true;
  };
  const address = (side: 'src' | 'dst', text: string, not: boolean) => {
    const parts = text.split(',').map(addressesOf);
    const found = parts.includes(undefined) ? undefined : union(parts.map((one) => one!));
    if (!found) return refuse({ code: 'unreadable', params: { what: text } });
    const wanted = intersection(every, not ? difference(every, found) : found);
    if (side === (base === 'INPUT' ? 'dst' : base === 'OUTPUT' ? 'src' : '')) {
      // The machine's side is its group, which has no addresses that a rule could narrow; but a single one stands for it.
      if (not || wanted.length !== 1 || wanted[0]!.first !== wanted[0]!.last)
        return refuse({ code: 'own-address', params: {} });
      isApproximate = true;
    }
    narrow({ ...everyMatch(family), [side]: wanted });
  };
  const ports = (text: string, not: boolean) => {
    const ranges = text.split(',').map(portRange);
    if (ranges.some((range) => range === undefined)) return refuse({ code: 'unreadable', params: { what: text } });
    const given = ranges.map((range) => range!);
    narrow({ ...everyMatch(family), ports: not ? otherPorts(given) : given });
  };

  for (let i = 0; i < words.length; i++) {
    const not = words[i] === '!';
    if (not) i++;
    const flag = words[i] ?? '';
    const value = words[i + 1] ?? '';
    switch (flag) {
      case '-s':
      case '--source':
      case '--src-range':
        address('src', value, not);
        break;
      case '-d':
      case '--destination':
      case '--dst-range':
        address('dst', value, not);
        break;
      case '-p':
      case '--protocol': {
        if (value === 'all' || value === '0') break;
        const protocol = protocolOf(value);
        if (not) refuse({ code: 'negated-protocol', params: {} });
        else if (protocol === undefined) refuse({ code: 'unknown-protocol', params: { protocol: value } });
        else narrow({ ...everyMatch(family), protocol });
        break;
      }
      case '--dport':
      case '--dports':
      case '--destination-port':
      case '--destination-ports':
        ports(value, not);
        break;
      case '--icmp-type':
      case '--icmpv6-type': {
        if (value === 'any') break;
        const icmp = icmpOf(value, family);
        if (not || !icmp) refuse({ code: 'unreadable', params: { what: `${flag} ${value}` } });
        else narrow({ ...everyMatch(family), icmp });
        break;
      }
      case '--ctstate':
      case '--state': {
        const named = value.split(',');
        states = states.filter((state) => named.includes(state) !== not);
        break;
      }
      case '-m':
      case '--match':
        if (!KNOWN_MODULES.has(value)) refuse({ code: 'unknown-match', params: { match: value } });
        break;
      case '--comment':
        comment = value;
        break;
      case '-i':
      case '--in-interface':
      case '-o':
      case '--out-interface':
        // What a VM sends to itself over the loopback never reaches a switch.
        if (value === 'lo' && base !== 'FORWARD') never ||= !not;
        else refuse({ code: 'interface', params: { name: value } });
        break;
      case '-j':
      case '--jump':
        target = value;
        break;
      case '-g':
      case '--goto':
        target = value;
        isGoto = true;
        break;
      case '--sport':
      case '--sports':
      case '--source-port':
      case '--source-ports':
        refuse({ code: 'source-ports', params: {} });
        break;
      case '--reject-with':
      case '--log-prefix':
      case '--log-level':
      case '--nflog-prefix':
      case '--nflog-group':
        break;
      default:
        refuse({ code: 'unknown-match', params: { match: flag } });
        continue;
    }
    i++;
  }
  const common = { target, isGoto, comment };
  const isIcmp = match.protocol === 1 || match.protocol === 58;
  if ((match.ports && !hasPorts(match.protocol)) || (match.icmp && !isIcmp))
    refuse({ code: 'unknown-match', params: { match: '-p' } });
  if (!isFinal(target) && !isPassing(target) && !chains.has(target))
    refuse({ code: 'unknown-target', params: { target } });
  if (!states.includes('NEW')) {
    // Established connections go on as long as their rule stands, and what has no place in a connection is dropped.
    const isOurs =
      target !== 'DROP' && target !== 'REJECT'
        ? !problem || target === 'ACCEPT'
        : states.every((state) => state === 'INVALID' || state === 'UNTRACKED');
    return isOurs
      ? { ...common, note: { code: 'built-in', params: {} } }
      : { ...common, problem: { code: 'unknown-match', params: { match: `--ctstate ${states.join(',')}` } } };
  }
  if (never) return { ...common, note: { code: 'never-matches', params: {} } };
  if (problem) return { ...common, problem };
  return { ...common, match, isApproximate };
}

/** `80`, `80:90`, `:1023`, `1024:`. */
export function portRange(text: string): readonly [number, number] | undefined {
  const [, first = '', colon, last = ''] = text.match(/^(\d*)(:)?(\d*)$/) ?? [];
  if (first === '' && last === '') return undefined;
  const range = [Number(first || 0), colon === undefined ? Number(first) : Number(last || 65535)] as const;
  return range[0] <= range[1] && range[1] <= 65535 ? range : undefined;
}

/** Names that iptables takes for ICMP types besides numbers. */
const ICMP: Readonly<Record<4 | 6, Readonly<Record<string, number>>>> = {
  4: {
    ...{ 'echo-reply': 0, 'destination-unreachable': 3, 'source-quench': 4, redirect: 5, 'echo-request': 8 },
    ...{ 'router-advertisement': 9, 'router-solicitation': 10, 'time-exceeded': 11, 'parameter-problem': 12 },
  },
  6: {
    ...{ 'destination-unreachable': 1, 'packet-too-big': 2, 'time-exceeded': 3, 'parameter-problem': 4 },
    ...{ 'echo-request': 128, 'echo-reply': 129, 'router-solicitation': 133, 'router-advertisement': 134 },
    ...{ 'neighbour-solicitation': 135, 'neighbor-solicitation': 135, 'neighbour-advertisement': 136 },
    ...{ 'neighbor-advertisement': 136, redirect: 137 },
  },
};

/** A type, or type and code, by number or name; undefined when it is neither. */
export function icmpOf(text: string, family: 4 | 6): Match['icmp'] {
  const [type = '', code] = text.split('/');
  const number = Object.hasOwn(ICMP[family], type) ? ICMP[family][type]! : /^\d{1,3}$/.test(type) ? Number(type) : 256;
  const isCode = code === undefined || (/^\d{1,3}$/.test(code) && Number(code) <= 255);
  return number <= 255 && isCode ? { type: number, code: code === undefined ? null : Number(code) } : null;
}

const FINAL = new Set(['ACCEPT', 'DROP', 'REJECT', 'RETURN']);
/** Targets after which a chain says nothing more of the packet. */
export const isFinal = (target: string): boolean => FINAL.has(target);

/** Targets that decide nothing: the packet goes on to the next rule. */
const PASSING = new Set([
  ...['', 'LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'SET', 'TCPMSS', 'CHECKSUM', 'CLASSIFY', 'DSCP', 'TOS', 'TRACE'],
  ...['AUDIT', 'TEE', 'SECMARK', 'CONNSECMARK'],
]);
export const isPassing = (target: string): boolean => PASSING.has(target);
