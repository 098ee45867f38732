import { type Policy, type Rule, syntheticRule } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from './queries.ts';

export interface DecidedBy {
  readonly ruleNum: number;
  readonly ruleId: string | null;
  readonly policyId: string | null;
}
export interface RuleWords {
  readonly name: string;
  /** What a synthetic rule means, or the policy that holds a person's rule. */
  readonly detail: string;
  readonly policyId: string | undefined;
}

/** The rule that decided a flow, in words. A rule that is no longer in the draft is known by its number only. */
export function useRuleWords(): (decided: DecidedBy) => RuleWords {
  const { t } = useTranslation();
  const policies = useCollection('policies');
  return useMemo(() => {
    const byNum = new Map<number, { rule: Rule; policy: Policy }>();
    for (const policy of policies.items) for (const rule of policy.rules) byNum.set(rule.num, { rule, policy });
    return ({ ruleNum }) => {
      const synthetic = syntheticRule(ruleNum);
      if (synthetic !== undefined)
        return { name: t(`synthetic.${synthetic}`), detail: t(`syntheticHelp.${synthetic}`), policyId: undefined };
      const found = byNum.get(ruleNum);
      if (found === undefined) return { name: `#${ruleNum}`, detail: '', policyId: undefined };
      return { name: found.rule.name, detail: found.policy.name, policyId: found.policy.id };
    };
  }, [policies.items, t]);
}
