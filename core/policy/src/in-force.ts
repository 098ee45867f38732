import type { HostIntent, HostIntentPatch, IntentRule, Rule } from '@hypervigil/model';
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
  const isInForce = (rule: IntentRule): boolean => !isExpired(rule, at);
  const { rules, staged } = intent;
  if (rules.every(isInForce) && staged.every(isInForce)) return intent;
  return { ...intent, rules: rules.filter(isInForce), staged: staged.filter(isInForce) };
}

/** The next instant after `at` from which `intentAt` is another; null when none comes. */
export function nextTurn(intent: HostIntent, at: Date): Date | null {
  let next = Number.POSITIVE_INFINITY;
  for (const { expiresAt } of [...intent.rules, ...intent.staged]) {
    const end = expiresAt === null ? Number.NaN : Date.parse(expiresAt);
    if (end > at.getTime() && end < next) next = end;
  }
  return next === Number.POSITIVE_INFINITY ? null : new Date(next);
}

/** What a patch of a document means to what of it is in force, before and after. */
export function patchInForce(patch: HostIntentPatch, before: HostIntent, after: HostIntent): HostIntentPatch {
  const rules = diffRows(before.rules, after.rules, byKey);
  return { ...patch, rules, staged: diffRows(before.staged, after.staged, byKey) };
}
