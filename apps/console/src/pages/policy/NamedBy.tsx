import type { Rule } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';

interface Props {
  readonly names: (rule: Rule) => boolean;
  /** What else is said of each; without it, its policy. */
  readonly beside?: (rule: Rule) => string | undefined;
}

/** The rules of the draft that name something, each with the way to it. */
export function NamedBy({ names, beside }: Props) {
  const { t } = useTranslation();
  const policies = useCollection('policies').items;
  const rules = policies.flatMap((policy) => policy.rules.filter(names).map((rule) => ({ policy, rule })));
  return (
    <section>
      <h3>{t('policy.namedBy')}</h3>
      {rules.length === 0 && <p className="hv-muted">{t('policy.notNamed')}</p>}
      <ul className="hv-plain-list">
        {rules.map(({ policy, rule }) => (
          <li key={rule.id}>
            <Link to="/policy" search={{ id: policy.id, rule: String(rule.num) }}>
              {rule.name}
            </Link>
            <span className="hv-muted">{beside?.(rule) ?? policy.name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
