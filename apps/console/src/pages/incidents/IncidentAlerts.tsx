import { type IncidentDetail, languageOf, tieText, untiedText } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { SeverityLabel } from '../../ui/labels.tsx';
import { AlertStateLabel } from '../alerts/AlertStateLabel.tsx';

interface Props {
  readonly incident: IncidentDetail;
  readonly names: ReadonlyMap<string, string>;
}

/** The alerts of an incident, each with why it is in it. */
export function IncidentAlerts({ incident, names }: Props) {
  const language = languageOf(useTranslation().i18n.language);
  const vms = useCollection('vms').byId;
  const told = new Map(incident.vms.map(({ vmId, vmName }) => [vmId, vmName]));
  const vmName = (vmId: string) => told.get(vmId) ?? vms.get(vmId)?.name;
  const alert = (id: string) => (
    <Link to="/alerts/$id" params={{ id }}>
      {names.get(id) ?? id}
    </Link>
  );
  return (
    <ul className="hv-incident-alerts">
      {incident.members.map(({ alert: { id, severity, state }, ties, placedBy }) => (
        <li key={id}>
          <span className="hv-row">
            <SeverityLabel severity={severity} />
            {alert(id)}
            <AlertStateLabel state={state} />
          </span>
          <ul className="hv-muted hv-small">
            {(ties.length === 0 || placedBy !== null) && <li>{untiedText(language, placedBy)}</li>}
            {ties.map(({ entity, alertId }) => (
              <li key={`${alertId} ${JSON.stringify(entity)}`}>
                {tieText(language, entity, vmName)} {alert(alertId)}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
