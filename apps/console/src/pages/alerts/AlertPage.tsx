import type { AlertDetail } from '@hypervigil/contract';
import type { AlertCode, BehaviourMeasure } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alertOptions, useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { SeverityLabel } from '../../ui/labels.tsx';
import { LinkButton, VmLink } from '../../ui/links.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { OpenQuestion } from '../responses/OpenQuestion.tsx';
import { RespondButton } from '../responses/RespondButton.tsx';
import { ResponsesPanel } from '../responses/ResponsesPanel.tsx';
import { AlertActions } from './AlertActions.tsx';
import { AlertComments } from './AlertComments.tsx';
import { AlertStateLabel } from './AlertStateLabel.tsx';
import { AlertVm } from './AlertVm.tsx';
import { flowsOf } from './flows-of.ts';
import { useAlertText } from './use-alert-text.ts';

/** What the VM is judged by of such an alert, where it is judged by its own hours. */
const MEASURES: Partial<Record<AlertCode, BehaviourMeasure>> = {
  'unusual-volume': 'sent',
  'unusual-fan-out': 'spoken-to',
  exfiltration: 'sent-outside',
};
const measureOf = ({ code }: AlertDetail) => ({ measure: MEASURES[code] });

export function AlertPage() {
  const { id = '' } = useParams({ strict: false });
  const { data, isPending, error, refetch } = useQuery(alertOptions(id));
  if (data !== undefined) return <AlertDetails alert={data} />;
  return (
    <ListFrame loading={isPending} error={error} retry={() => void refetch()} empty={false}>
      {null}
    </ListFrame>
  );
}

function AlertDetails({ alert }: { readonly alert: AlertDetail }) {
  const { t } = useTranslation();
  const { title, seen, expected, reason } = useAlertText().of(alert);
  const vms = useCollection('vms').byId;
  return (
    <PageFrame
      title={t('alerts.named', { what: title, vm: alert.vmName })}
      parent={{ to: '/alerts', label: t('alerts.title') }}
      beside={
        <>
          <SeverityLabel severity={alert.severity} />
          <AlertStateLabel state={alert.state} />
        </>
      }
      actions={
        <>
          <LinkButton to="/flows" search={flowsOf(alert)}>
            {t('alerts.flows')}
          </LinkButton>
          {vms.has(alert.vmId) && (
            <LinkButton to="/vms/$id" params={{ id: alert.vmId }} search={{ tab: 'behaviour', ...measureOf(alert) }}>
              {t('alerts.behaviour')}
            </LinkButton>
          )}
          <AlertActions alert={alert} />
        </>
      }
    >
      <OpenQuestion alert={alert} />
      <div className="hv-grid">
        <Panel title={t('alerts.why')}>
          <Facts
            narrow
            facts={[
              { name: t('alerts.seenHead'), value: seen },
              { name: t('alerts.expectedHead'), value: expected },
              { name: t('alerts.reasonHead'), value: reason },
            ]}
          />
        </Panel>
        <AlertFacts alert={alert} />
        <Panel title={t('alerts.peers')}>
          <ul className="hv-plain-list">
            {alert.peers.map(({ ip, vmId }) => (
              <li key={`${ip} ${vmId}`}>
                <Mono>{ip}</Mono>
                {vmId !== null && <VmLink id={vmId} />}
              </li>
            ))}
          </ul>
        </Panel>
      </div>
      <div className="hv-stack hv-below">
        <ResponsesPanel alertIds={[alert.id]} actions={<RespondButton alert={alert} />} />
        <AlertComments alert={alert} />
      </div>
    </PageFrame>
  );
}

function AlertFacts({ alert }: { readonly alert: AlertDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tenants = useCollection('tenants').byId;
  const resolved =
    alert.resolution === null
      ? []
      : [{ name: t('alerts.resolution'), value: t(`alerts.resolutions.${alert.resolution}`) }];
  const { exception } = alert;
  const excepted =
    exception === null
      ? []
      : [
          {
            name: t('alerts.exceptions.one'),
            value: (
              <Link to="/alerts/exceptions">
                {t('alerts.exceptions.until', { at: format.instant(exception.expiresAt), count: exception.swallowed })}
              </Link>
            ),
          },
        ];
  const { incidentId } = alert;
  const belongs =
    incidentId === null
      ? []
      : [
          {
            name: t('incidents.one'),
            value: (
              <Link to="/incidents/$id" params={{ id: incidentId }}>
                {t('incidents.show')}
              </Link>
            ),
          },
        ];
  return (
    <Panel title={t('alerts.facts')}>
      <Facts
        narrow
        facts={[
          ...resolved,
          ...excepted,
          ...belongs,
          { name: t('alerts.vm'), value: <AlertVm alert={alert} /> },
          { name: t('vms.tenant'), value: <TenantTag tenant={tenants.get(alert.tenantId ?? '')} /> },
          { name: t('alerts.side'), value: t(`alerts.sides.${alert.side}`) },
          { name: t('alerts.technique'), value: <Mono>{alert.technique}</Mono> },
          { name: t('alerts.count'), value: format.count(alert.count) },
          { name: t('alerts.first'), value: <AbsoluteTime at={alert.firstAt} /> },
          { name: t('alerts.last'), value: <AbsoluteTime at={alert.lastAt} /> },
          { name: t('alerts.assignee'), value: alert.assignee ?? t('alerts.nobody') },
        ]}
      />
    </Panel>
  );
}
