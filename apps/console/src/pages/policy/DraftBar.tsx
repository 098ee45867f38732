import { languageOf, type PolicyStatus, problemText } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { policyStatusOptions, useCollection } from '../../data/queries.ts';
import { actorText } from '../../i18n/codes.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { AlertIcon, AllowIcon, PendingIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { May } from '../../ui/May.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Approvals } from './Approvals.tsx';
import { EnforcementPanel } from './EnforcementPanel.tsx';
import { PublishDialog } from './PublishDialog.tsx';
import { useDraftEnd } from './use-draft-end.ts';

type Open = 'publish' | 'discard' | undefined;

/** What the draft would change, what is wrong with it, where the published one is enforced; publish and discard. */
export function DraftBar() {
  const { t, i18n } = useTranslation();
  const { data: status } = useQuery(policyStatusOptions);
  const [open, setOpen] = useState<Open>();
  const [details, setDetails] = useState(false);
  if (status === undefined) return <div className="hv-draft" />;
  const { added, changed, removed } = status.changes;
  const none = added + changed + removed === 0;
  const enforced = status.hosts.filter((host) => host.enforced).length;
  const failed = status.hosts.some((host) => host.error !== null);
  const blocked = none
    ? t('policy.publishNothing')
    : status.problems.length > 0
      ? t('policy.publishBlocked')
      : status.approvals.some(({ required, approvedBy }) => approvedBy.length < required)
        ? t('approvals.blocked')
        : undefined;
  const look = failed
    ? ({ tone: 'red', icon: AlertIcon } as const)
    : enforced === status.hosts.length
      ? ({ tone: 'green', icon: AllowIcon } as const)
      : ({ tone: 'blue', icon: PendingIcon } as const);
  return (
    <section className={`hv-draft${none ? '' : ' hv-draft--changed'}`} aria-label={t('policy.draft')}>
      <div className="hv-draft__row">
        <div className="hv-draft__state">
          {none ? (
            <strong>{t('policy.noChanges')}</strong>
          ) : (
            <Link className="hv-underlined" to="/policy/history" title={t('policy.showChanges')}>
              <strong>{t('policy.changes', { added, changed, removed })}</strong>
            </Link>
          )}
          <Published status={status} />
        </div>
        {status.hosts.length > 0 && (
          <May permission="host:read">
            <div className="hv-draft__enforced" role="status">
              <button
                type="button"
                className="hv-disclose"
                aria-expanded={details}
                onClick={() => setDetails(!details)}
              >
                <Status {...look}>{t('policy.enforcedOn', { part: enforced, total: status.hosts.length })}</Status>
              </button>
            </div>
          </May>
        )}
        <May permission="policy:analyse">
          <Link className="pf-v6-c-button pf-m-secondary" to="/policy/simulation">
            {t('simulation.open')}
          </Link>
        </May>
        <MayButton
          permission="policy:write"
          variant="secondary"
          disabledReason={none ? t('policy.publishNothing') : undefined}
          onClick={() => setOpen('discard')}
        >
          {t('policy.discard')}
        </MayButton>
        <MayButton permission="policy:publish" disabledReason={blocked} onClick={() => setOpen('publish')}>
          {t('policy.publish')}
        </MayButton>
      </div>
      {status.problems.length > 0 && (
        <div className="hv-draft__problems" role="alert">
          <Status tone="red" icon={AlertIcon}>
            {t('policy.problems', { count: status.problems.length })}
          </Status>
          <ul>
            {status.problems.slice(0, 10).map((problem) => (
              <li key={`${problem.field} ${problem.code}`}>
                <ProblemPlace field={problem.field} /> {problemText(languageOf(i18n.language), problem)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Approvals status={status} />
      {details && <EnforcementPanel />}
      {open === 'publish' && <PublishDialog status={status} onClose={() => setOpen(undefined)} />}
      {open === 'discard' && <DiscardDialog status={status} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

/** The policy and the rule that a problem is about, and the way there. Its field begins with the policy's id. */
function ProblemPlace({ field }: { readonly field: string }) {
  const policies = useCollection('policies').byId;
  const [id = '', part, index] = field.split('.');
  const policy = policies.get(id);
  if (policy === undefined) return null;
  const rule = part === 'rules' ? policy.rules[Number(index)] : undefined;
  return (
    <Link className="hv-underlined" to="/policy" search={{ id, ...(rule && { rule: String(rule.num) }) }}>
      {[policy.name, rule?.name].filter(Boolean).join(' / ')}
    </Link>
  );
}

function Published({ status }: { readonly status: PolicyStatus }) {
  const { t } = useTranslation();
  if (status.publishedAt === null) return <span className="hv-muted">{t('policy.neverPublished')}</span>;
  return (
    <span className="hv-muted">
      {t('policy.published', { revision: status.publishedRevision, by: actorText(t, status.publishedBy ?? '') })}{' '}
      <RelativeTime at={status.publishedAt} /> ·{' '}
      <May permission="policy:analyse">
        <Link className="hv-underlined" to="/policy/observation">
          {t('observation.open')}
        </Link>{' '}
        ·{' '}
      </May>
      <Link className="hv-underlined" to="/policy/history">
        {t('history.open')}
      </Link>
    </span>
  );
}

interface DialogProps {
  readonly status: PolicyStatus;
  readonly onClose: () => void;
}

function DiscardDialog({ status, onClose }: DialogProps) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const discard = useDraftEnd(
    () => platform.discardDraft(),
    () => {
      toasts.done(t('policy.discarded'));
      onClose();
    },
  );
  return (
    <Dialog
      danger
      title={t('policy.discardTitle')}
      help={t('policy.discardHelp', { changes: t('policy.changes', status.changes) })}
      submit={t('policy.discard')}
      busy={discard.isPending}
      error={discard.error}
      onClose={onClose}
      onSubmit={() => discard.mutate()}
    />
  );
}
