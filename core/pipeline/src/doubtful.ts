import { bits, type Match } from './match.ts';
import { COMMIT, FLAG, OBSERVED, REG, VERDICT } from './registers.ts';
import type { Way } from './tables.ts';

interface Doubtful {
  readonly match: Match;
  /** What else the packet may be. */
  readonly as: Way;
}

const denied = { [REG.verdict]: VERDICT.deny };
/** The beginning of something, on a host that may not know all connections: perhaps it answers one. */
const unknown = { ...denied, [REG.flags]: bits(FLAG.carryOver), [REG.commit]: COMMIT.begin };
/** It answers a connection that is refused now: perhaps it may begin one of its own. */
const answer = { ...denied, [REG.observed]: bits(OBSERVED.reply), [REG.commit]: COMMIT.none };

/** Denials on which the rules are asked a second time, about the other direction. A SYN is never an answer. */
export const DOUBTFUL: readonly Doubtful[] = [
  ...['tcp', 'tcp6'].map((word) => ({ match: { word, ...unknown, tcp_flags: '-syn' }, as: 'reply' as const })),
  ...['udp', 'udp6'].map((word) => ({ match: { word, ...unknown }, as: 'reply' as const })),
  ...['tcp', 'tcp6', 'udp', 'udp6'].map((word) => ({ match: { word, ...answer }, as: 'original' as const })),
];
