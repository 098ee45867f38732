import { type AlertCode, type Id, isGraded, type Sensitivity, type SetDetector } from '@hypervigil/model';

/** By code, how many times the usual evidence a detector asks for before it tells of a VM; what is not there is once. */
export type Effort = Readonly<Partial<Record<AlertCode, number>>>;

const TIMES = { low: 2, high: 0.5 } as const satisfies Partial<Record<Sensitivity, number>>;

/** A sighting, or whatever else says what is asked for of the VM that it is of. */
export interface Asked {
  readonly effort?: Effort | undefined;
}

export const timesOf = ({ effort }: Asked, code: AlertCode): number => effort?.[code] ?? 1;

/** What a setting says, of those that are for one VM. */
export interface AppliedSetting {
  readonly id: Id;
  readonly groupId: Id | null;
  readonly codes: readonly AlertCode[];
  readonly sensitivity: Sensitivity;
}

/** How detectors are set for one VM. */
export interface Tuning {
  readonly effort: Effort;
  /** The setting by which nothing of a code is told. */
  readonly offBy: Readonly<Partial<Record<AlertCode, Id>>>;
  /** What is not as usual. */
  readonly set: readonly SetDetector[];
}

export const UNTUNED: Tuning = { effort: {}, offBy: {}, set: [] };

const QUIETEST: readonly Sensitivity[] = ['off', 'low', 'normal', 'high'];

/** A setting of a group comes before those for every VM; of several groups, the one that tells least. */
export function tuningOf(settings: readonly AppliedSetting[]): Tuning {
  if (settings.length === 0) return UNTUNED;
  const effort: Partial<Record<AlertCode, number>> = {};
  const offBy: Partial<Record<AlertCode, Id>> = {};
  const set: SetDetector[] = [];
  for (const code of new Set(settings.flatMap(({ codes }) => codes))) {
    const { id, sensitivity } = settings.filter(({ codes }) => codes.includes(code)).reduce(nearer);
    if (sensitivity === 'normal' || (sensitivity !== 'off' && !isGraded(code))) continue;
    if (sensitivity === 'off') offBy[code] = id;
    else effort[code] = TIMES[sensitivity];
    set.push({ code, sensitivity });
  }
  return { effort, offBy, set };
}

function nearer(a: AppliedSetting, b: AppliedSetting): AppliedSetting {
  if ((a.groupId === null) !== (b.groupId === null)) return a.groupId === null ? b : a;
  return QUIETEST.indexOf(b.sensitivity) < QUIETEST.indexOf(a.sensitivity) ? b : a;
}
