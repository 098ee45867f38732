import type { HostIntent, IntentRule } from '@hypervigil/model';

const blocks = ({ inspect }: IntentRule): boolean => inspect?.blocks !== undefined;

/** Whether a rule asks a group's gateways to end what they recognise: then they look, whatever the group says. */
export const blocksIn = ({ rules }: HostIntent, group: number): boolean =>
  rules.some((rule) => blocks(rule) && rule.inspect?.group === group);

/** Whether other rules block, or others of what they did. */
export function blocksOtherwise(before: HostIntent, after: HostIntent): boolean {
  if (before.rules === after.rules) return false;
  const [old, now] = [before.rules.filter(blocks), after.rules.filter(blocks)];
  return JSON.stringify(old) !== JSON.stringify(now);
}
