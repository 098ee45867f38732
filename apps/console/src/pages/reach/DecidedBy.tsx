import type { PolicyReach } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRuleWords } from '../../data/rules.ts';

/** The rule that decides it, with its way to it, or the default that does. */
export function DecidedBy({ part: { rule, ruleNum } }: { readonly part: PolicyReach }) {
  const { t } = useTranslation();
  const words = useRuleWords()({ ruleNum, ruleId: rule?.id ?? null, policyId: rule?.policyId ?? null });
  if (rule === null) return <span title={words.detail}>{words.name}</span>;
  return (
    <Link
      to="/policy"
      search={{ id: rule.policyId, rule: String(rule.num) }}
      title={`${t(`policy.tier.${rule.tier}`)} · ${rule.policy}`}
    >
      {rule.name}
    </Link>
  );
}
