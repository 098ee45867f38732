import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { networkLimitDropsOptions } from '../../data/queries.ts';
import { WarningIcon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';

/** Networks that had as many connections on a host as they may, and what they were denied; nothing while none had. */
export function NetworkDrops() {
  const { t } = useTranslation();
  const format = useFormat();
  const drops = useQuery(networkLimitDropsOptions).data ?? [];
  if (drops.length === 0) return null;
  return (
    <section className="hv-below-list" aria-labelledby="network-limits">
      <h2 id="network-limits">{t('limits.ofNetworks')}</h2>
      <p className="hv-muted hv-small">{t('limits.ofNetworksHelp')}</p>
      <ul className="hv-plain-list">
        {drops.map(({ networkId, networkName, hostId, hostName, droppedPackets, droppedBytes, goesOn }) => (
          <li key={`${hostId} ${networkId}`}>
            <span className="hv-row">
              <Link to="/networks" search={{ id: networkId }}>
                {networkName}
              </Link>
              <span className="hv-muted">{hostName}</span>
            </span>
            <span className={goesOn ? 'hv-row' : 'hv-row hv-muted'}>
              {goesOn && <WarningIcon />}{' '}
              {t('limits.dropped', { count: droppedPackets, bytes: format.bytes(droppedBytes) })} ·{' '}
              {t(goesOn ? 'limits.goesOn' : 'limits.ended')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
