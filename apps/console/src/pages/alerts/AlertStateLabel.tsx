import type { AlertState } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, PendingIcon, RunningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';

const LOOK = {
  new: { tone: 'red', icon: AlertIcon },
  triaged: { tone: 'orange', icon: PendingIcon },
  'in-progress': { tone: 'blue', icon: RunningIcon },
  closed: { tone: 'grey', icon: AllowIcon },
} as const;

export function AlertStateLabel({ state }: { readonly state: AlertState }) {
  const { t } = useTranslation();
  return <Status {...LOOK[state]}>{t(`alerts.states.${state}`)}</Status>;
}
