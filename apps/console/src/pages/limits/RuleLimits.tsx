import { isUnlimited } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ruleLimitDropsOptions, useCollection } from '../../data/queries.ts';
import { OffIcon, WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useRuleLimitsText } from './use-limit-text.ts';

/** The rules of the draft that let only so much pass, and what they have dropped. */
export function RuleLimits() {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = useRuleLimitsText();
  const policies = useCollection('policies').items;
  const drops = useQuery(ruleLimitDropsOptions).data ?? [];
  const limited = policies.flatMap((policy) =>
    policy.rules.filter(({ limits }) => !isUnlimited(limits)).map((rule) => ({ policy, rule })),
  );
  if (limited.length === 0) return null;
  return (
    <Panel className="hv-below-list" title={t('limits.ofRules')} source={t('limits.ofRulesHelp')}>
      <ul className="hv-plain-list">
        {limited.map(({ policy, rule }) => (
          <li key={rule.id}>
            <span className="hv-row">
              <Link to="/policy" search={{ id: policy.id, rule: String(rule.num) }}>
                {rule.name}
              </Link>
              <span className="hv-muted">{policy.name}</span>
            </span>
            <span>{textOf(rule.limits)}</span>
            {drops
              .filter((drop) => drop.rule.id === rule.id)
              .map(({ kind, droppedPackets, droppedBytes, goesOn }) => (
                <Status key={kind} tone={goesOn ? 'orange' : 'grey'} icon={goesOn ? WarningIcon : OffIcon}>
                  {t(`limits.ruleKinds.${kind}`)}:{' '}
                  {t('limits.dropped', { count: droppedPackets, bytes: format.bytes(droppedBytes) })} ·{' '}
                  {t(goesOn ? 'limits.goesOn' : 'limits.ended')}
                </Status>
              ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
