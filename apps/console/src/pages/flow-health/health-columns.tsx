import { flowTroubleText, languageOf } from '@hypervigil/contract';
import type { FlowGatewayHealth, FlowHostHealth } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { HostLink } from '../../ui/links.tsx';
import { Dash } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';

/** What is counted, and from which width of the window on it is shown. */
const COUNTED = [
  { id: 'records', from: 'md' },
  { id: 'lost' },
  { id: 'unjudged', from: 'xl' },
  { id: 'repeated', from: 'xl' },
] as const;

/** Of hosts, what needs attention before what is counted. */
export function useHostColumns(): readonly Column<FlowHostHealth>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const troublesOf = ({ troubles }: FlowHostHealth) =>
      troubles.map((trouble) => flowTroubleText(languageOf(i18n.language), trouble)).join(', ');
    return [
      {
        ...{ id: 'host', header: t('flows.host'), width: 120 },
        text: ({ hostName }) => hostName,
        cell: ({ hostId, hostName }) => <HostLink id={hostId}>{hostName}</HostLink>,
      },
      {
        ...{ id: 'troubles', header: t('common.state'), width: 300 },
        text: troublesOf,
        cell: (host) =>
          host.troubles.length === 0 ? (
            <Status tone="green" icon={AllowIcon}>
              {t('flowHealth.well')}
            </Status>
          ) : (
            <span title={troublesOf(host)}>
              <Status tone="red" icon={AlertIcon}>
                {troublesOf(host)}
              </Status>
            </span>
          ),
      },
      {
        ...{ id: 'last', header: t('flowHealth.last'), width: 110, from: 'md' },
        text: ({ lastBatchAt }) => lastBatchAt ?? '',
        cell: ({ lastBatchAt }) => <RelativeTime at={lastBatchAt} />,
      },
      {
        ...{ id: 'lag', header: t('flowHealth.lag'), width: 90, numeric: true, from: 'md' },
        text: ({ lagMs }) => String(lagMs ?? ''),
        cell: ({ lagMs }) => (lagMs === null ? <Dash /> : format.duration(lagMs)),
      },
      ...COUNTED.map(
        ({ id, ...from }): Column<FlowHostHealth> => ({
          ...{ id, header: t(`flowHealth.${id}`), width: 95, numeric: true, ...from },
          text: (host) => String(host[id]),
          cell: (host) => format.count(host[id]),
        }),
      ),
      {
        ...{ id: 'spool', header: t('flowHealth.spool'), width: 90, numeric: true, from: 'md' },
        text: ({ spoolPercent }) => String(spoolPercent ?? ''),
        cell: ({ spoolPercent }) => (spoolPercent === null ? <Dash /> : format.percent(spoolPercent / 100)),
      },
    ];
  }, [t, i18n.language, format]);
}

export function useGatewayColumns(): readonly Column<FlowGatewayHealth>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => [
      {
        ...{ id: 'gateway', header: t('flows.gateway'), width: 150 },
        text: ({ groupName, num }) => `${groupName} ${num}`,
        cell: ({ groupName, num }) => `${groupName} ${num}`,
      },
      {
        ...{ id: 'state', header: t('common.state'), width: 200 },
        text: ({ silent }) => t(silent ? 'flowHealth.silent' : 'flowHealth.well'),
        cell: ({ silent }) =>
          silent ? (
            <Status tone="red" icon={AlertIcon}>
              {t('flowHealth.silent')}
            </Status>
          ) : (
            <Status tone="green" icon={AllowIcon}>
              {t('flowHealth.well')}
            </Status>
          ),
      },
      {
        ...{ id: 'host', header: t('flows.host'), width: 120, from: 'md' },
        text: ({ hostName }) => hostName,
        cell: ({ hostId, hostName }) => <HostLink id={hostId}>{hostName}</HostLink>,
      },
      {
        ...{ id: 'connections', header: t('flowHealth.connections'), width: 110, numeric: true, from: 'md' },
        text: ({ connections }) => String(connections ?? ''),
        cell: ({ connections }) => (connections === null ? <Dash /> : format.count(connections)),
      },
      {
        ...{ id: 'flows', header: t('flowHealth.inspected'), width: 110, numeric: true },
        text: ({ flows }) => String(flows),
        cell: ({ flows }) => format.count(flows),
      },
    ],
    [t, format],
  );
}
