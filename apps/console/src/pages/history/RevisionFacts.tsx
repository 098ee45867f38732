import type { Revision } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { actorText } from '../../i18n/codes.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { ApprovedBy } from '../policy/ApprovedBy.tsx';
import { useApprovalText } from '../policy/use-approval-text.ts';

/** Who published a revision, why, and with whose approval. */
export function RevisionFacts({ revision }: { readonly revision: Revision }) {
  const { t } = useTranslation();
  const text = useApprovalText();
  const { publishedBy, publishedAt, comment, approval } = revision;
  return (
    <section className="hv-revision" aria-label={t('history.facts', { revision: revision.revision })}>
      <p>
        {t('history.by', { by: actorText(t, publishedBy) })} <RelativeTime at={publishedAt} />
        {comment !== '' && <q className="hv-muted">{comment}</q>}
      </p>
      {approval?.map((part) => (
        <div key={part.tenantId ?? ''}>
          <p>{text(part)}</p>
          <ApprovedBy approvals={part.approvedBy} />
        </div>
      ))}
    </section>
  );
}
