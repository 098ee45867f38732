import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { Findings } from '../../data/analysis.ts';
import { useUrl } from '../../ui/use-url.ts';
import { FINDING_LOOK, worstOf } from './finding-look.ts';

/** How many findings there are and how bad the worst is; opens and closes their list. */
export function FindingsButton({ findings }: { readonly findings: Findings }) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const open = url['findings'] !== undefined;
  const worst = worstOf(findings.items);
  const Icon = worst === undefined ? undefined : FINDING_LOOK[worst].icon;
  return (
    <Button
      variant="secondary"
      aria-expanded={open}
      icon={
        Icon &&
        worst && (
          <span className={`hv-tone-${FINDING_LOOK[worst].tone}`}>
            <Icon />
          </span>
        )
      }
      isLoading={findings.state === 'running'}
      onClick={() => patch({ findings: open ? undefined : 'all' })}
    >
      {findings.state === 'asked-for' || (findings.state === 'running' && findings.items.length === 0)
        ? t('findings.openUnknown')
        : t('findings.open', { count: findings.total })}
    </Button>
  );
}
