import { isAnyone, type Policy, type Rule } from '@hypervigil/model';
import { isExpired } from './in-force.ts';

/** Whether a rule of these denies what goes to or comes from an address set, at any hour: what comes into the set is then blocked. */
export const deniesSet = (policies: readonly Policy[], setId: string, at: Date): boolean =>
  policies.some(({ enabled, rules }) => enabled && rules.some((rule) => isInForce(rule, at) && denies(rule, setId)));

const isInForce = (rule: Rule, at: Date): boolean =>
  rule.enabled && !rule.staged && rule.scheduleId === null && !isExpired(rule, at);

/** Of all services: a rule for some of them would leave the others open. */
const denies = ({ action, from, to, services, namedServiceIds }: Rule, setId: string): boolean =>
  (action === 'deny' || action === 'reject') &&
  services.length + namedServiceIds.length === 0 &&
  ((from.addressSetIds.includes(setId) && isAnyone(to)) || to.addressSetIds.includes(setId));
