import type { RevisionApproval } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { actorText } from '../../i18n/codes.ts';

/** Of one part of a draft or of a revision: whose it is, how many approvals it has and needs, who wrote it. */
export function useApprovalText(): (part: RevisionApproval) => string {
  const { t } = useTranslation();
  const tenants = useCollection('tenants').byId;
  return ({ tenantId, required, authors, approvedBy }) => {
    const whose = tenantId === null ? t('people.provider') : (tenants.get(tenantId)?.name ?? tenantId);
    if (required === 0) return t('approvals.none', { whose });
    const names = authors.map((name) => actorText(t, name)).join(t('approvals.separator'));
    return t('approvals.some', { whose, given: approvedBy.length, required, authors: names });
  };
}
