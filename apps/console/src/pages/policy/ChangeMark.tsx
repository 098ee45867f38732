import type { DraftPolicy } from '@hypervigil/contract';
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

const COLOUR = { added: 'green', changed: 'orange', moved: 'orange', removed: 'red' } as const;

/** How a policy or a rule of the draft differs from what is published; nothing when it does not. */
export function ChangeMark({ change }: { readonly change: DraftPolicy['change'] | 'moved' }) {
  const { t } = useTranslation();
  if (change === 'none') return null;
  return (
    <Label isCompact variant="outline" color={COLOUR[change]}>
      {t(`policy.change.${change}`)}
    </Label>
  );
}
