import './incidents.css';
import { type IncidentDetail, incidentSeverityText, languageOf, tacticText } from '@hypervigil/contract';
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { incidentOptions, useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { SeverityLabel } from '../../ui/labels.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { AlertStateLabel } from '../alerts/AlertStateLabel.tsx';
import { AlertVm } from '../alerts/AlertVm.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { ResponsesPanel } from '../responses/ResponsesPanel.tsx';
import { EdgeTable } from './EdgeTable.tsx';
import { EntityGraph } from './EntityGraph.tsx';
import { IncidentActions } from './IncidentActions.tsx';
import { IncidentAlerts } from './IncidentAlerts.tsx';
import { MomentTable } from './MomentTable.tsx';
import { TimelinePicture } from './TimelinePicture.tsx';
import { useIncidentNames } from './use-incident-name.ts';

/** What belongs together, why, who did what to whom, and what became of it. */
export function IncidentPage() {
  const { id = '' } = useParams({ strict: false });
  const { data, isPending, error, refetch } = useQuery(incidentOptions(id));
  if (data !== undefined) return <IncidentDetails incident={data} />;
  return (
    <ListFrame loading={isPending} error={error} retry={() => void refetch()} empty={false}>
      {null}
    </ListFrame>
  );
}

function IncidentDetails({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const incidentNames = useIncidentNames();
  const names = useMemo(
    () =>
      new Map(
        incident.members.map(({ alert: { id, code, vmName } }) => [
          id,
          t('alerts.named', { what: alertText.title(code), vm: vmName }),
        ]),
      ),
    [incident.members, alertText, t],
  );
  return (
    <PageFrame
      title={incidentNames.of(incident)}
      parent={{ to: '/incidents', label: t('incidents.title') }}
      beside={
        <>
          <SeverityLabel severity={incident.severity} />
          <AlertStateLabel state={incident.state} />
        </>
      }
      actions={<IncidentActions incident={incident} />}
    >
      <div className="hv-stack">
        <IncidentFacts incident={incident} />
        <GraphPanel incident={incident} />
        <Panel title={t('incidents.timeline')}>
          <TimelinePicture incident={incident} names={names} />
          <MomentTable timeline={incident.timeline} names={names} />
        </Panel>
        <Panel title={t('incidents.members')}>
          <IncidentAlerts incident={incident} names={names} />
        </Panel>
        <ResponsesPanel alertIds={[...names.keys()]} />
      </div>
    </PageFrame>
  );
}

function IncidentFacts({ incident }: { readonly incident: IncidentDetail }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const language = languageOf(i18n.language);
  const tenants = useCollection('tenants').byId;
  const { vms, tactics, open, waiting, alerts, assignees, firstAt, lastAt } = incident;
  const owners = [...new Set(vms.map(({ tenantId }) => tenantId ?? ''))];
  return (
    <Panel title={t('alerts.facts')}>
      <Facts
        facts={[
          { name: t('incidents.why'), value: incidentSeverityText(language, incident) },
          { name: t('incidents.tactics'), value: tactics.map((one) => tacticText(language, one)).join(' · ') },
          {
            name: t('incidents.vms'),
            value: (
              <span className="hv-row">
                {vms.map((vm) => (
                  <AlertVm key={vm.vmId} alert={vm} />
                ))}
              </span>
            ),
          },
          {
            name: t('incidents.tenants'),
            value: (
              <span className="hv-row">
                {owners.map((id) => (
                  <TenantTag key={id} tenant={tenants.get(id)} />
                ))}
              </span>
            ),
          },
          {
            name: `${t('incidents.alerts')} (${t('incidents.openHelp')})`,
            value: t('incidents.openOf', { open, total: alerts }),
          },
          { name: t('incidents.waiting'), value: format.count(waiting) },
          { name: t('alerts.assignee'), value: assignees.join(', ') || t('alerts.nobody') },
          { name: t('alerts.first'), value: <AbsoluteTime at={firstAt} /> },
          { name: t('alerts.last'), value: <AbsoluteTime at={lastAt} /> },
        ]}
      />
    </Panel>
  );
}

function GraphPanel({ incident: { graph } }: { readonly incident: IncidentDetail }) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const selected = graph.nodes.find(({ id }) => id === url['sel'])?.id;
  return (
    <Panel
      title={t('incidents.graph')}
      actions={
        selected !== undefined && (
          <Button variant="link" onClick={() => patch({ sel: undefined })}>
            {t('incidents.all')}
          </Button>
        )
      }
    >
      <p className="hv-muted hv-small">{t(graph.edges.length === 0 ? 'incidents.noEdges' : 'incidents.graphHelp')}</p>
      <EntityGraph graph={graph} selected={selected} onSelect={(sel) => patch({ sel })} />
      {graph.edges.length > 0 && <EdgeTable graph={graph} selected={selected} />}
    </Panel>
  );
}
