import type { Playbook, PlaybookRun } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { useLastsText } from '../responses/use-lasts-text.ts';

const SHOWN = 10;

interface Props {
  readonly playbook: Playbook;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** What a playbook does, what it would have done, and what it did. */
export function PlaybookPanel({ playbook, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const lasts = useLastsText();
  const sets = useCollection('addressSets').byId;
  const request = { params: { id: playbook.id } };
  const key = [playbook.id, playbook.revision];
  const rehearsal = useQuery({
    queryKey: ['playbooks', 'rehearsal', ...key],
    queryFn: ({ signal }) => platform.rehearsePlaybook({ ...request, query: {} }, { signal }),
  }).data;
  const runs = useQuery({
    queryKey: ['playbooks', 'runs', ...key],
    queryFn: ({ signal }) => platform.listPlaybookRuns(request, { signal }),
  }).data;
  const { action, addressSetId, approvalMinutes, minutes } = playbook;
  return (
    <>
      <PanelHead description={playbook.description} permission="playbook:write" onEdit={onEdit} onRemove={onRemove} />
      <Facts
        narrow
        facts={[
          { name: t('common.state'), value: t(playbook.enabled ? 'playbooks.on' : 'playbooks.off') },
          { name: t('responses.action'), value: t(`responses.actions.${action}`) },
          ...(action === 'block-peer'
            ? [{ name: t('responses.set'), value: sets.get(addressSetId ?? '')?.name ?? '–' }]
            : []),
          { name: t('playbooks.perHour'), value: t('playbooks.limits', { ...playbook }) },
          { name: t('responses.lasts'), value: lasts(minutes ?? 0) },
          {
            name: t('playbooks.approval'),
            value: approvalMinutes === null ? t('playbooks.approvalNever') : lasts(approvalMinutes),
          },
        ]}
      />
      {rehearsal !== undefined && (
        <section>
          <h3>{t('playbooks.rehearsal')}</h3>
          <p>{t('playbooks.rehearsed', rehearsal.counts)}</p>
          <RunList runs={rehearsal.items} />
        </section>
      )}
      {runs !== undefined && (
        <section>
          <h3>{t('playbooks.runs')}</h3>
          {runs.items.length === 0 && <p className="hv-muted">{t('playbooks.noRuns')}</p>}
          <RunList runs={runs.items} />
        </section>
      )}
    </>
  );
}

function RunList({ runs }: { readonly runs: readonly PlaybookRun[] }) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  return (
    <ul className="hv-plain-list">
      {runs.slice(0, SHOWN).map((run) => (
        <li key={run.alertId}>
          <Link to="/alerts/$id" params={{ id: run.alertId }}>
            {t('alerts.named', { what: alertText.title(run.code), vm: run.vmName })}
          </Link>
          <span title={run.problem ?? undefined}>{t(`playbooks.outcomes.${run.outcome}`)}</span>
          <span className="hv-muted">
            <RelativeTime at={run.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
