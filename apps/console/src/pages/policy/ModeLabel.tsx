import { useTranslation } from 'react-i18next';
import type { RuleMode } from '../../data/policy-edit.ts';
import { AllowIcon, OffIcon, StagedIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';

const LOOK = {
  enforced: { tone: 'green', icon: AllowIcon },
  staged: { tone: 'orange', icon: StagedIcon },
  disabled: { tone: 'grey', icon: OffIcon },
} as const satisfies Record<RuleMode, object>;

/** Whether a rule decides, is only watched, or says nothing. */
export function ModeLabel({ mode }: { readonly mode: RuleMode }) {
  const { t } = useTranslation();
  return <Status {...LOOK[mode]}>{t(`policy.modes.${mode}`)}</Status>;
}
