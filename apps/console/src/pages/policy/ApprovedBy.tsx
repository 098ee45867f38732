import type { DraftApproval } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { actorText } from '../../i18n/codes.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';

/** Who approved something, when, and what they said of it. */
export function ApprovedBy({ approvals }: { readonly approvals: DraftApproval['approvedBy'] }) {
  const { t } = useTranslation();
  if (approvals.length === 0) return null;
  return (
    <ul className="hv-approved">
      {approvals.map(({ name, at, comment }) => (
        <li key={name}>
          {t('approvals.by', { name: actorText(t, name) })} <RelativeTime at={at} />
          {comment !== '' && <q className="hv-muted">{comment}</q>}
        </li>
      ))}
    </ul>
  );
}
