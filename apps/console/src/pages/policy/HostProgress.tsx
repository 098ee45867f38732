import type { PublishProgress } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, NextIcon, OffIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { HostLink } from '../../ui/links.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';

type HostState = PublishProgress['hosts'][number];

/** Host by host, whether it enforces a revision, since when, or why not. */
export function HostProgress({ progress }: { readonly progress: PublishProgress }) {
  return (
    <ul className="hv-plain-list">
      {progress.hosts.map((one) => (
        <li key={one.host.id}>
          <HostLink id={one.host.id}>{one.host.name}</HostLink>
          <HostSays {...one} />
        </li>
      ))}
    </ul>
  );
}

const LOOK = {
  confirmed: { tone: 'green', icon: AllowIcon },
  refused: { tone: 'red', icon: AlertIcon },
  waiting: { tone: 'blue', icon: PendingIcon },
  skipped: { tone: 'grey', icon: NextIcon },
} as const satisfies Record<HostState['state'], object>;

function HostSays({ state, online, confirmedAt, error }: HostState) {
  const { t } = useTranslation();
  const look = state === 'waiting' && !online ? ({ tone: 'grey', icon: OffIcon } as const) : LOOK[state];
  return (
    <Status {...look}>
      {state === 'waiting' && !online ? t('observation.offline') : t(`observation.states.${state}`)}
      {state === 'confirmed' && confirmedAt !== null && (
        <>
          {' '}
          <RelativeTime at={confirmedAt} />
        </>
      )}
      {error !== null && `: ${error}`}
    </Status>
  );
}
