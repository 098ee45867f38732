import type { DraftApproval, PolicyStatus } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { sessionOptions, useCollection } from '../../data/queries.ts';
import { AllowIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDraftEnd } from './use-draft-end.ts';

/** Who has to approve what the draft changes, who did, and the word of whoever looks at it. */
export function Approvals({ status }: { readonly status: PolicyStatus }) {
  if (status.approvals.length === 0) return null;
  return (
    <ul className="hv-stack">
      {status.approvals.map((part) => (
        <Part key={part.tenantId ?? ''} part={part} />
      ))}
    </ul>
  );
}

function Part({ part }: { readonly part: DraftApproval }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const name = useQuery(sessionOptions).data?.user.name ?? '';
  const tenants = useCollection('tenants').byId;
  const { tenantId, revision, required, authors, approvedBy } = part;
  const approve = useDraftEnd(
    () => platform.approvePolicy({ body: { tenantId, revision } }),
    () => toasts.done(t('approvals.given')),
  );
  const whose = tenantId === null ? t('people.provider') : (tenants.get(tenantId)?.name ?? tenantId);
  const given = approvedBy.map((one) => one.name);
  const done = given.length >= required;
  const reason = authors.includes(name)
    ? t('approvals.ownDraft')
    : given.includes(name)
      ? t('approvals.already')
      : undefined;
  return (
    <li className="hv-row">
      <Status tone={done ? 'green' : 'blue'} icon={done ? AllowIcon : PendingIcon}>
        {required === 0
          ? t('approvals.none', { whose })
          : t('approvals.some', { whose, given: given.length, required, authors: authors.join(', ') })}
      </Status>
      {given.length > 0 && <span className="hv-muted">{t('approvals.by', { names: given.join(', ') })}</span>}
      {required > 0 && (
        <MayButton
          permission="policy:approve"
          variant="secondary"
          size="sm"
          disabledReason={reason}
          onClick={() => approve.mutate(undefined, { onError: (error) => toasts.failed(error) })}
        >
          {t('approvals.approve')}
        </MayButton>
      )}
    </li>
  );
}
