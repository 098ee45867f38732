import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, OffIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import type { GatewayState } from './gateway-state.ts';

const LOOK = {
  waiting: { tone: 'grey', icon: PendingIcon },
  starting: { tone: 'blue', icon: PendingIcon },
  up: { tone: 'green', icon: AllowIcon },
  silent: { tone: 'red', icon: AlertIcon },
  failed: { tone: 'red', icon: AlertIcon },
  unknown: { tone: 'grey', icon: OffIcon },
} as const;

export function GatewayStateLabel({ state }: { readonly state: GatewayState }) {
  const { t } = useTranslation();
  return <Status {...LOOK[state]}>{t(`gateways.states.${state}`)}</Status>;
}
