import type { HostIntent, HostIntentPatch, IntentRule, Rule } from '@hypervigil/model';
import { holds, nextChange } from './hours.ts';
import { byKey, diffRows } from './patch.ts';

/** Whether a rule's time is over: at that very instant it is. */
export function isExpired({ expiresAt }: Pick<Rule, 'expiresAt'>, at: Date): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= at.getTime();
}

/**
 * What of a document holds at an instant: the rules whose time it is. Everything that enforces or judges takes such a
 * document; a document in which every rule is in force is its own.
 */
export function intentAt(intent: HostIntent, at: Date): HostIntent {
  const isInForce = (rule: IntentRule): boolean =>
    !isExpired(rule, at) && (rule.hours === null || holds(rule.hours, at));
  const { rules, staged } = intent;
  if (rules.every(isInForce) && staged.every(isInForce)) return intent;
  return { ...intent, rules: rules.filter(isInForce), staged: staged.filter(isInForce) };
}

/** The next instant after `at` from which `intentAt` is another; null when none comes. */
export function nextTurn(intent: HostIntent, at: Date): Date | null {
  const turns = [...intent.rules, ...intent.staged].map((rule) => turnOf(rule, at));
  const next = turns.reduce((soonest, turn) => Math.min(soonest, turn), NEVER);
  return next === NEVER ? null : new Date(next);
}

const NEVER = Number.POSITIVE_INFINITY;

function turnOf(rule: IntentRule, at: Date): number {
  if (isExpired(rule, at)) return NEVER;
  const end = rule.expiresAt === null ? NEVER : Date.parse(rule.expiresAt);
  if (rule.hours === null) return end;
  const change = nextChange(rule.hours, at)?.getTime() ?? NEVER;
  if (holds(rule.hours, at)) return Math.min(change, end);
  return change < end ? change : NEVER;
}

/** What a patch of a document means to what of it is in force, before and after. */
export function patchInForce(patch: HostIntentPatch, before: HostIntent, after: HostIntent): HostIntentPatch {
  const rules = diffRows(before.rules, after.rules, byKey);
  return { ...patch, rules, staged: diffRows(before.staged, after.staged, byKey) };
}
