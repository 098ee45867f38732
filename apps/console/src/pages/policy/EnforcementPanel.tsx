import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { publishProgressOptions } from '../../data/observation.ts';
import { revisionsOptions } from '../../data/queries.ts';
import { actorText } from '../../i18n/codes.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { HostProgress } from './HostProgress.tsx';

/** Host by host, whether it has confirmed the published revision; and what was published before. */
export function EnforcementPanel() {
  const { t } = useTranslation();
  const progress = useQuery(publishProgressOptions('published'));
  const revisions = useQuery(revisionsOptions);
  return (
    <div className="hv-enforcement">
      <section>
        <h3>{t('policy.enforcement')}</h3>
        {progress.error !== null && <ErrorPanel error={progress.error} />}
        {progress.data !== undefined && <HostProgress progress={progress.data} />}
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
