import { type AlertCode, type AlertResolution, type Id, isGraded, type Sensitivity } from '@hypervigil/model';
import type { AppliedSetting } from './effort.ts';

/** What people made of an alert, and the groups that its VM is in. */
export interface Judged {
  readonly code: AlertCode;
  readonly vmId: Id;
  readonly groupIds: readonly Id[];
  readonly resolution: AlertResolution;
}

/** A setting that what people said of alerts speaks for. */
export interface Proposal {
  readonly groupId: Id | null;
  readonly code: AlertCode;
  readonly sensitivity: Extract<Sensitivity, 'off' | 'low'>;
  /** Of VMs that it would be for. */
  readonly false: number;
  readonly expected: number;
  readonly vms: number;
}

/** Less is no pattern. */
const LEAST = 5;
/** What a group's VMs have of all that was false or expected, for the group to be what it is about. */
const SHARE = 0.8;
const QUIET: readonly Sensitivity[] = ['off', 'low'];

/**
 * What to set, by what became of alerts: `low` where five or more were needless, false ones among them, and none was true; `off` where all of them
 * were expected, of several VMs. It is for the group of the fewest VMs that accounts for four fifths of them or, for `low`, else for every
 * VM. Where an alert was true nothing is proposed, and nothing is set by this: people are asked.
 */
export function proposalsOf(judged: readonly Judged[], settings: readonly AppliedSetting[]): Proposal[] {
  const byCode = [...Map.groupBy(judged, ({ code }) => code)];
  return byCode
    .flatMap(([code, all]) => proposalFor(code, all) ?? [])
    .filter(({ code, groupId, sensitivity }) => !isSet(settings, code, groupId, sensitivity))
    .sort((a, b) => b.false + b.expected - (a.false + a.expected) || (a.code < b.code ? -1 : 1));
}

function proposalFor(code: AlertCode, all: readonly Judged[]): Proposal | undefined {
  const needless = all.filter(({ resolution }) => resolution !== 'true').length;
  const groups = new Set(all.flatMap(({ groupIds }) => groupIds));
  const candidates = [...[...groups].sort(), null].flatMap((groupId) => {
    const some = groupId === null ? all : all.filter(({ groupIds }) => groupIds.includes(groupId));
    return some.length >= SHARE * needless ? (judge(code, groupId, some) ?? []) : [];
  });
  // Of those that account for as much, the one that says it of the fewest VMs.
  return candidates.reduce<Proposal | undefined>((best, one) => (best && best.vms <= one.vms ? best : one), undefined);
}

function judge(code: AlertCode, groupId: Id | null, some: readonly Judged[]): Proposal | undefined {
  const count = (which: AlertResolution) => some.filter(({ resolution }) => resolution === which).length;
  const [wrong, expected] = [count('false'), count('expected')];
  if (count('true') > 0 || wrong + expected < LEAST) return undefined;
  const vms = new Set(some.map(({ vmId }) => vmId)).size;
  const about = { groupId, code, false: wrong, expected, vms };
  // One VM's custom is an exception's business, and what every VM does cannot be off.
  if (wrong === 0) return vms > 1 && groupId !== null ? { ...about, sensitivity: 'off' } : undefined;
  return isGraded(code) ? { ...about, sensitivity: 'low' } : undefined;
}

/** Whether it is so already, or less is told. */
const isSet = (
  settings: readonly AppliedSetting[],
  code: AlertCode,
  groupId: Id | null,
  sensitivity: Sensitivity,
): boolean =>
  settings.some(
    (one) =>
      one.groupId === groupId &&
      one.codes.includes(code) &&
      QUIET.includes(one.sensitivity) &&
      QUIET.indexOf(one.sensitivity) <= QUIET.indexOf(sensitivity),
  );
