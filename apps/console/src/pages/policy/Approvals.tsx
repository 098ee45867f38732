import type { DraftApproval, PolicyStatus } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionOptions } from '../../data/queries.ts';
import { useDenial } from '../../data/rights.ts';
import { AllowIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { ApprovalDialog } from './ApprovalDialog.tsx';
import { ApprovedBy } from './ApprovedBy.tsx';
import { useApprovalText } from './use-approval-text.ts';

/** Who has to approve what the draft changes, who did, and the word of whoever looks at it. */
export function Approvals({ status }: { readonly status: PolicyStatus }) {
  const { t } = useTranslation();
  const mayGovern = useDenial('policy:govern') === undefined;
  if (status.approvals.length === 0) return null;
  return (
    <div className="hv-draft__approvals">
      <ul className="hv-stack" aria-label={t('approvals.title')}>
        {status.approvals.map((part) => (
          <Part key={part.tenantId ?? ''} part={part} />
        ))}
      </ul>
      {mayGovern && (
        <Link className="hv-underlined" to="/people" search={{ do: 'approvals' }}>
          {t('approvals.set')}
        </Link>
      )}
    </div>
  );
}

function Part({ part }: { readonly part: DraftApproval }) {
  const { t } = useTranslation();
  const text = useApprovalText();
  const name = useQuery(sessionOptions).data?.user.name ?? '';
  const [asked, setAsked] = useState(false);
  const { required, authors, approvedBy } = part;
  const done = approvedBy.length >= required;
  const isMine = approvedBy.some((one) => one.name === name);
  return (
    <li>
      <div className="hv-row">
        <Status tone={done ? 'green' : 'blue'} icon={done ? AllowIcon : PendingIcon}>
          {text(part)}
        </Status>
        {required > 0 && (
          <MayButton
            permission="policy:approve"
            variant="secondary"
            size="sm"
            disabledReason={authors.includes(name) ? t('approvals.ownDraft') : undefined}
            onClick={() => setAsked(true)}
          >
            {t(isMine ? 'approvals.withdraw' : 'approvals.approve')}
          </MayButton>
        )}
      </div>
      <ApprovedBy approvals={approvedBy} />
      {asked && <ApprovalDialog part={part} withdraw={isMine} onClose={() => setAsked(false)} />}
    </li>
  );
}
