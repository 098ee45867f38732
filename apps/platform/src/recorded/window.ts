import type { FlowFilter } from '@hypervigil/flowstore';
import { OBSERVED_RULES, SYNTHETIC_RULES } from '@hypervigil/model';

export const DAY_MS = 86_400_000;

/** What the switch decided before any policy was asked, what policy never sees, and what others than the cloud's hosts saw. */
const BEFORE_POLICY = [
  SYNTHETIC_RULES['anti-spoof'],
  SYNTHETIC_RULES['ct-invalid'],
  SYNTHETIC_RULES['dhcp-ra-guard'],
  SYNTHETIC_RULES['address-resolution'],
  SYNTHETIC_RULES['not-ip'],
  SYNTHETIC_RULES.fragment,
  ...OBSERVED_RULES,
];

/** More distinct talks than this are cut off, the rarest first: it bounds memory and time of all that learns from flows. */
export const MAX_TALKS = 100_000;

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The end of what is asked until now. Updates that arrive while the question is asked belong to it. */
export const now = (): number => Date.now() + 1_000;

/** Days that end now. */
export function lastDays(days: number): Window {
  const toMs = now();
  return { fromMs: toMs - days * DAY_MS, toMs };
}

/** Days that end at an instant, or now. */
export function daysUntil(to: string | undefined, days: number): Window {
  if (to === undefined) return lastDays(days);
  const toMs = Date.parse(to);
  return { fromMs: toMs - days * DAY_MS, toMs };
}

/** Whole and broken days in a window that flows reach back into, at least one. */
export const daysKept = ({ fromMs, toMs }: Window, oldestMs: number | null): number =>
  Math.max(1, Math.ceil((toMs - Math.max(fromMs, oldestMs ?? toMs)) / DAY_MS));

/** Recorded flows of a time that policy had a say in. */
export const decidedIn = ({ fromMs, toMs }: Window): FlowFilter => ({ fromMs, toMs, exceptRuleNums: BEFORE_POLICY });

export const instants = ({ fromMs, toMs }: Window) => ({ from: iso(fromMs), to: iso(toMs) });

export const iso = (ms: number): string => new Date(ms).toISOString();
