import type { Overview } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { overviewOptions, useCollection } from '../../data/queries.ts';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { May } from '../../ui/May.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { AdviceList } from './AdviceList.tsx';
import { Coverage } from './Coverage.tsx';
import { HostStrip } from './HostStrip.tsx';
import { TopDenied } from './TopDenied.tsx';
import { Traffic } from './Traffic.tsx';

/** Is anything wrong now, how covered are we, what should I do next? */
export function OverviewPage() {
  const { t } = useTranslation();
  const overview = useQuery(overviewOptions);
  return (
    <PageFrame title={t('overview.title')}>
      <ListFrame
        loading={overview.isPending}
        error={overview.data === undefined ? overview.error : null}
        retry={() => void overview.refetch()}
        empty={false}
      >
        {overview.data !== undefined && <Posture overview={overview.data} />}
      </ListFrame>
    </PageFrame>
  );
}

function Posture({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hosts = useCollection('hosts').items;
  return (
    <div className="hv-stack">
      <AdviceList advice={overview.advice} />
      <div className="hv-tiles">
        <Coverage part={overview.vnics.enforced} total={overview.vnics.total} />
        <May permission="host:read">
          <Tile
            name={t('overview.hosts')}
            to="/hosts"
            value={<Ratio part={overview.hosts.online} total={overview.hosts.total} />}
            bad={overview.hosts.online < overview.hosts.total}
          />
        </May>
        <Tile
          name={t('overview.vms')}
          to="/vms"
          value={<Ratio part={overview.vms.running} total={overview.vms.total} />}
        />
        <Tile
          name={t('overview.enforcement')}
          to="/policy"
          value={<Ratio part={overview.policy.hostsEnforcing} total={overview.hosts.total} />}
          bad={overview.policy.hostsEnforcing < overview.hosts.total}
          note={`${t('overview.revision', { revision: overview.policy.revision })} · ${t('overview.rules', { count: overview.policy.rules })}`}
        />
        <Tile name={t('overview.tenants')} to="/tenants" value={format.count(overview.tenants)} />
        <Tile name={t('overview.networks')} to="/networks" value={format.count(overview.networks)} />
      </div>
      <div className="hv-columns">
        <Traffic bytes={overview.lastHour.bytes} />
        <TopDenied />
      </div>
      {hosts.length > 0 && <HostStrip hosts={hosts} />}
    </div>
  );
}

interface TileProps {
  readonly name: string;
  readonly to: string;
  readonly value: ReactNode;
  readonly note?: string;
  readonly bad?: boolean;
}

function Tile({ name, to, value, note, bad = false }: TileProps) {
  return (
    <Link to={to} className={`hv-tile${bad ? ' hv-tile--bad' : ''}`}>
      <span className="hv-tile__name">{name}</span>
      <span className="hv-tile__value">{value}</span>
      {note !== undefined && <span className="hv-tile__note">{note}</span>}
    </Link>
  );
}

function Ratio({ part, total }: { readonly part: number; readonly total: number }) {
  const format = useFormat();
  return (
    <>
      {format.count(part)}
      <span className="hv-tile__of"> / {format.count(total)}</span>
    </>
  );
}
