import type { NotificationRoute } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, OffIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';

type Word = 'off' | 'fails' | 'ok' | 'never';

const LOOK = {
  off: { tone: 'grey', icon: OffIcon },
  fails: { tone: 'red', icon: AlertIcon },
  ok: { tone: 'green', icon: AllowIcon },
  never: { tone: 'grey', icon: PendingIcon },
} as const;

/** Whether the messages of a route arrive. */
export function wordOf({ enabled, state }: NotificationRoute): Word {
  if (!enabled) return 'off';
  if (state.failingSince !== null) return 'fails';
  return state.lastSentAt === null ? 'never' : 'ok';
}

export function RouteState({ route }: { readonly route: NotificationRoute }) {
  const { t } = useTranslation();
  const word = wordOf(route);
  return <Status {...LOOK[word]}>{t(`notificationRoutes.${word}`)}</Status>;
}
