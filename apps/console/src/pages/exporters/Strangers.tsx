import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { strangersOptions } from '../../data/queries.ts';
import { WarningIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useUrl } from '../../ui/use-url.ts';

/** Who sends flows and is not believed; nothing while nobody does. */
export function Strangers() {
  const { t } = useTranslation();
  const [, patch] = useUrl();
  const strangers = useQuery(strangersOptions).data ?? [];
  if (strangers.length === 0) return null;
  return (
    <section className="hv-below-list" aria-labelledby="strangers">
      <h2 id="strangers">{t('exporters.strangers')}</h2>
      <p className="hv-muted hv-small">{t('exporters.strangersHelp')}</p>
      <ul className="hv-plain-list">
        {strangers.map(({ address, hostId, hostName, listen, port, datagrams, lastAt }) => (
          <li key={`${hostId} ${listen} ${port} ${address}`}>
            <span className="hv-row">
              <WarningIcon /> {t('exporters.stranger', { address, host: hostName, listen, port })}
            </span>
            <span className="hv-row hv-muted">
              {t('exporters.strangerCount', { count: datagrams })} · <RelativeTime at={lastAt} />
              <MayButton
                permission="exporter:write"
                variant="link"
                isInline
                onClick={() => patch({ do: 'create', address, host: hostId, at: listen, port: String(port) })}
                aria-label={`${t('exporters.enrol')} ${address}`}
              >
                {t('exporters.enrol')}
              </MayButton>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
