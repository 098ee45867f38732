import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { flowHealthOptions } from '../../data/queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { VmLink } from '../../ui/links.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import { useColumns } from '../../ui/use-columns.ts';
import { useFormat } from '../../ui/use-format.ts';
import { ArrivalsPanel } from './ArrivalsPanel.tsx';
import { useGatewayColumns, useHostColumns } from './health-columns.tsx';

/** Where are flows lost, late or missing? */
export function FlowHealthPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, isPending, error, refetch } = useQuery(flowHealthOptions);
  const hostColumns = useColumns('flow-hosts', useHostColumns()).shown;
  const gatewayColumns = useColumns('flow-gateways', useGatewayColumns()).shown;
  return (
    <PageFrame
      title={t('flowHealth.title')}
      subtitle={t('flowHealth.question')}
      parent={{ to: '/flows', label: t('flows.title') }}
    >
      <ListFrame loading={isPending} error={error} retry={() => void refetch()} empty={false}>
        {data !== undefined && (
          <div className="hv-stack">
            <ArrivalsPanel minutes={data.minutes} />
            <Panel title={t('flowHealth.hosts')} source={t('flowHealth.hostsSource')} flush>
              <DataTable
                label={t('flowHealth.hosts')}
                columns={hostColumns}
                rows={data.hosts}
                rowId={({ hostId }) => hostId}
                rowName={({ hostName }) => hostName}
                maxHeight={420}
              />
            </Panel>
            <Panel title={t('flowHealth.silentVms')} source={t('flowHealth.silentSource')}>
              {data.silentVms.total === 0 ? (
                <p className="hv-muted">{t('flowHealth.noSilentVms')}</p>
              ) : (
                <ul className="hv-plain-list">
                  {data.silentVms.items.map(({ vmId, name }) => (
                    <li key={vmId}>
                      <VmLink id={vmId}>{name}</VmLink>
                    </li>
                  ))}
                </ul>
              )}
              {data.silentVms.total > data.silentVms.items.length && (
                <p className="hv-muted">
                  {t('common.more', { count: data.silentVms.total - data.silentVms.items.length })}
                </p>
              )}
            </Panel>
            {data.gateways.length > 0 && (
              <Panel title={t('flowHealth.gateways')} source={t('flowHealth.gatewaysSource')} flush>
                <DataTable
                  label={t('flowHealth.gateways')}
                  columns={gatewayColumns}
                  rows={data.gateways}
                  rowId={({ gatewayId }) => gatewayId}
                  rowName={({ groupName, num, hostName }) => `${groupName} ${num} ${hostName}`}
                  maxHeight={320}
                />
              </Panel>
            )}
            <Panel title={t('flowHealth.store')} source={t('flowHealth.storeSource')}>
              <Facts
                facts={[
                  { name: t('flowHealth.rows'), value: format.count(data.store.rows) },
                  {
                    name: t('flowHealth.size'),
                    value: t('flowHealth.of', {
                      size: format.bytes(data.store.bytes),
                      most: format.bytes(data.store.maxBytes),
                    }),
                  },
                  { name: t('flowHealth.oldest'), value: <AbsoluteTime at={data.store.oldestAt} /> },
                  { name: t('flowHealth.newest'), value: <AbsoluteTime at={data.store.newestAt} /> },
                  { name: t('flowHealth.kept'), value: format.duration(data.store.keptHours * 3_600_000) },
                  {
                    name: t('flowHealth.damaged'),
                    value: data.store.movedAside === null ? t('flowHealth.none') : <Mono>{data.store.movedAside}</Mono>,
                  },
                ]}
              />
            </Panel>
            <p>
              <Link to="/hosts">{t('flowHealth.toHosts')}</Link>
            </p>
          </div>
        )}
      </ListFrame>
    </PageFrame>
  );
}
