import type { RuleHitsList } from '@hypervigil/contract';
import type { Rule } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';
import { useNow } from '../../ui/use-now.ts';

interface Props {
  readonly rule: Rule;
  readonly hits: RuleHitsList['items'][number];
}

/** How many connections the rule decided in the last week; the last of them on hover. */
export function RuleHits({ rule, hits }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (hits.publishedAt === null) return <span className="hv-muted">–</span>;
  if (hits.lastAt === null)
    return (
      <span className="hv-muted" title={t('policy.noHits', { since: format.relative(hits.publishedAt, now) })}>
        0
      </span>
    );
  return (
    <Link
      to="/flows"
      search={{ [rule.staged ? 'pendingRule' : 'rule']: String(rule.num), window: '86400' }}
      title={t('policy.lastHit', { last: format.relative(hits.lastAt, now), volume: format.bytes(hits.bytes) })}
    >
      {format.short(hits.flows)}
    </Link>
  );
}
