import type { CheckedAssertion } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, OffIcon, PendingIcon, WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';

const LOOK = {
  holds: { tone: 'green', icon: AllowIcon },
  violated: { tone: 'red', icon: AlertIcon },
  void: { tone: 'orange', icon: WarningIcon },
  off: { tone: 'grey', icon: OffIcon },
  unknown: { tone: 'grey', icon: PendingIcon },
} as const;

export const shownState = ({ enabled, state }: Pick<CheckedAssertion, 'enabled' | 'state'>): keyof typeof LOOK =>
  enabled ? (state ?? 'unknown') : 'off';

/** Whether it holds of what is published. */
export function AssertionStateLabel({ assertion }: { readonly assertion: CheckedAssertion }) {
  const { t } = useTranslation();
  const state = shownState(assertion);
  return <Status {...LOOK[state]}>{t(`assertions.states.${state}`)}</Status>;
}
