import { INTENT_RULE_DEFAULTS, type IntentLink, type IntentRule, linksOf } from '@hypervigil/model';
import { recordingOf } from '../recording.ts';

/** What becomes of a rule's packets beside their verdict. */
export type Treated = Pick<IntentRule, 'action' | 'inspect' | 'log' | 'logSampling' | 'mirror' | 'limits'>;

/** What the defaults decide. */
export const BY_DEFAULT: Treated = { ...INTENT_RULE_DEFAULTS, action: 'allow' };

/** Whether another rule with the same verdict does for a rule's packets all that the rule does. */
export function standsFor(other: Treated, rule: Treated): boolean {
  return (
    isTold(other) === isTold(rule) &&
    chainOf(other) === chainOf(rule) &&
    other.mirror === rule.mirror &&
    (other.log || !rule.log) &&
    recordingOf(other).oneIn === recordingOf(rule).oneIn &&
    // Even of the same size: what two rules share is less than what each has for itself.
    other.limits === null &&
    rule.limits === null
  );
}

/** Whether two rules want the same of a packet that both match. */
export const saysOtherwise = (a: Treated, b: Treated): boolean => chainOf(a) !== chainOf(b);

const isTold = ({ action }: Treated): boolean => action === 'reject';
const chainOf = ({ inspect }: Treated): string =>
  inspect
    ? [
        ...linksOf<IntentLink>(inspect).map(({ group, onFailure }) => `${group} ${onFailure}`),
        JSON.stringify(inspect.blocks ?? null),
      ].join(', ')
    : '';
