import type { Host } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { HostStateLabel } from '../../ui/labels.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { EnforcementLabel, HealthLabel } from '../hosts/host-columns.tsx';

const SHOWN = 12;
const trouble = (host: Host) =>
  (host.state === 'online' ? 0 : 4) +
  (host.applyError === null ? 0 : 2) +
  (host.health.every((item) => item.ok) ? 0 : 1);

/** The hosts, those in trouble first. */
export function HostStrip({ hosts }: { readonly hosts: readonly Host[] }) {
  const { t } = useTranslation();
  const sorted = [...hosts].sort((a, b) => trouble(b) - trouble(a) || a.name.localeCompare(b.name));
  return (
    <Panel
      title={t('overview.hostsTitle')}
      source={<Link to="/hosts">{t('table.count', { count: hosts.length })}</Link>}
    >
      <ul className="hv-host-strip">
        {sorted.slice(0, SHOWN).map((host) => (
          <li key={host.id}>
            <Link to="/hosts/$id" params={{ id: host.id }}>
              {host.name}
            </Link>
            <HostStateLabel state={host.state} />
            <EnforcementLabel host={host} />
            <HealthLabel host={host} />
            <span className="hv-muted">
              <RelativeTime at={host.lastSeenAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
