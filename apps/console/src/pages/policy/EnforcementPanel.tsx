import type { PolicyStatus } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { revisionsOptions } from '../../data/queries.ts';
import { actorText } from '../../i18n/codes.ts';
import { AlertIcon, AllowIcon, OffIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { HostLink } from '../../ui/links.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';

type HostStatus = PolicyStatus['hosts'][number];

/** Host by host, which revision it enforces; and what was published before. */
export function EnforcementPanel({ status }: { readonly status: PolicyStatus }) {
  const { t } = useTranslation();
  const revisions = useQuery(revisionsOptions);
  return (
    <div className="hv-enforcement">
      <section>
        <h3>{t('policy.enforcement')}</h3>
        <ul className="hv-plain-list">
          {status.hosts.map((host) => (
            <li key={host.hostId}>
              <HostLink id={host.hostId}>{host.name}</HostLink>
              <HostEnforcement host={host} />
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>{t('policy.revisions')}</h3>
        {revisions.data?.items.length === 0 && <p className="hv-muted">{t('policy.noRevisions')}</p>}
        <ul className="hv-plain-list">
          {revisions.data?.items.map((revision) => (
            <li key={revision.revision}>
              <span>
                <strong>{t('overview.revision', { revision: revision.revision })}</strong> {revision.comment}
              </span>
              <span className="hv-muted">
                {actorText(t, revision.publishedBy)} · {t('policy.rules', { count: revision.rules })} ·{' '}
                <RelativeTime at={revision.publishedAt} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function HostEnforcement({ host }: { readonly host: HostStatus }) {
  const { t } = useTranslation();
  const revision = host.policyRevision;
  if (host.error !== null)
    return (
      <Status tone="red" icon={AlertIcon}>
        {t('policy.hostKept', { revision, error: host.error })}
      </Status>
    );
  if (!host.online)
    return (
      <Status tone="grey" icon={OffIcon}>
        {t('policy.hostOffline', { revision })}
      </Status>
    );
  if (!host.enforced)
    return (
      <Status tone="blue" icon={PendingIcon}>
        {t('policy.hostWaiting', { revision })}
      </Status>
    );
  return (
    <Status tone="green" icon={AllowIcon}>
      {t('policy.hostRevision', { revision })}
    </Status>
  );
}
