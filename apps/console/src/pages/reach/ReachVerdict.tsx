import type { PolicyReach } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { AllowIcon, DenyIcon, WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';

const LOOK = {
  everything: { tone: 'teal', icon: AllowIcon },
  something: { tone: 'orange', icon: WarningIcon },
  nothing: { tone: 'red', icon: DenyIcon },
} as const;

/** The answer in a sentence, before its parts. */
export function ReachVerdict({ parts }: { readonly parts: readonly PolicyReach[] }) {
  const { t } = useTranslation();
  const allowed = parts.filter(({ verdict }) => verdict === 'allow').length;
  const answer = allowed === parts.length ? 'everything' : allowed === 0 ? 'nothing' : 'something';
  return (
    <p className="hv-reach-verdict" role="status">
      <Status {...LOOK[answer]}>{t(`reach.answers.${answer}`)}</Status>
    </p>
  );
}
