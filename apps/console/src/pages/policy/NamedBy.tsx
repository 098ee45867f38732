import type { Rule } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';

/** The rules of the draft that name something, each with the way to it. */
export function NamedBy({ names }: { readonly names: (rule: Rule) => boolean }) {
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
            <span className="hv-muted">{policy.name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
