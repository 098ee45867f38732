import type { Id } from '@hypervigil/model';
import type { Placed } from '../traffic.ts';
import type { Assembled } from './assemble.ts';
import type { Seen } from './outliers.ts';
import type { Part, Vocabulary } from './vocabulary.ts';

/** What speaks for a rule. */
export interface Evidence {
  /** Connections that were seen, and how many different pairs of addresses on a service they were. */
  readonly flows: number;
  readonly talks: number;
  /** Days on which some were seen. */
  readonly days: number;
  /** Of the VMs that the rule names, how many had a part in it. */
  readonly vmsSeen: number;
  readonly vmsNamed: number;
  /** 0 … 1: the mean of how many of the days, how many connections (full at 1,000, by powers of ten), and how many of the VMs. */
  readonly score: number;
  readonly confidence: 'high' | 'medium' | 'low';
}

const FULL_FLOWS = 1_000;

export function evidenceOf<T extends Seen>(
  { from, to, facts }: Assembled<T>,
  placed: ReadonlyMap<T, Placed>,
  vocabulary: Vocabulary,
  windowDays: number,
): Evidence {
  const talks = facts.flatMap((fact) => fact.talks);
  const flows = talks.reduce((sum, talk) => sum + talk.flows, 0);
  const days = new Set(talks.flatMap((talk) => talk.days)).size;
  const vmsOf = (side: 'src' | 'dst') => new Set(talks.flatMap((talk): Id[] => [...placed.get(talk)![side]]));
  const sides = [
    { parts: from, seen: vmsOf('src') },
    { parts: to, seen: vmsOf('dst') },
  ].map(({ parts, seen }) => {
    const named = parts.filter(isOfVms).reduce((sum, part) => sum + vocabulary.membersOf(part).size, 0);
    return { named, seen: Math.min(named, seen.size) };
  });
  const vmsNamed = sides.reduce((sum, { named }) => sum + named, 0);
  const vmsSeen = sides.reduce((sum, { seen }) => sum + seen, 0);
  const ofDays = Math.min(1, days / windowDays);
  const ofFlows = Math.min(1, Math.log10(1 + flows) / Math.log10(1 + FULL_FLOWS));
  const score = (ofDays + ofFlows + vmsSeen / Math.max(1, vmsNamed)) / 3;
  const confidence = score >= 2 / 3 ? 'high' : score >= 1 / 3 ? 'medium' : 'low';
  return { flows, talks: talks.length, days, vmsSeen, vmsNamed, score, confidence };
}

const isOfVms = ({ kind }: Part): boolean => kind !== 'block';
