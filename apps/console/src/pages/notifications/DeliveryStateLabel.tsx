import type { DeliveryState } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, PauseIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';

const LOOK = {
  waiting: { tone: 'blue', icon: PendingIcon },
  sent: { tone: 'green', icon: AllowIcon },
  held: { tone: 'orange', icon: PauseIcon },
  failed: { tone: 'red', icon: AlertIcon },
} as const satisfies Record<DeliveryState, object>;

export function DeliveryStateLabel({ state }: { readonly state: DeliveryState }) {
  const { t } = useTranslation();
  return <Status {...LOOK[state]}>{t(`deliveries.states.${state}`)}</Status>;
}
