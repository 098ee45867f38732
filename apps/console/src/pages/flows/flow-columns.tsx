import type { Flow, FlowEnd } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useInspectionText } from '../../data/inspection.ts';
import { useOriginText } from '../../data/origin.ts';
import { usePendingText, wouldChange } from '../../data/pending.ts';
import { useCollection } from '../../data/queries.ts';
import { useRuleWords } from '../../data/rules.ts';
import { serviceName } from '../../ui/format.ts';
import { VerdictLabel } from '../../ui/labels.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PendingMark } from '../../ui/PendingMark.tsx';
import { TenantBadge } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useColumns } from '../../ui/use-columns.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';

/** With those that are shown: as the address says, and otherwise as the reader chose. */
export function useShownColumns() {
  const columns = useFlowColumns();
  const [url, patch] = useUrl();
  const ids = (url['columns'] ?? '').split(',');
  const view = useColumns('flows', columns, { ids, name: (chosen) => patch({ columns: chosen.join(',') }) });
  return { columns, view };
}

function useFlowColumns(): readonly Column<Flow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const vms = useCollection('vms').byId;
  const tenants = useCollection('tenants').byId;
  const hosts = useCollection('hosts').byId;
  const exporters = useCollection('exporters').byId;
  const ruleWords = useRuleWords();
  const pendingText = usePendingText();
  const inspectionText = useInspectionText();
  const originText = useOriginText();
  return useMemo(() => {
    const observerOf = ({ hostId }: Flow) => hosts.get(hostId)?.name ?? exporters.get(hostId)?.name;
    const nameOf = (end: FlowEnd) => vms.get(end.vmId ?? '')?.name;
    const endCell = (end: FlowEnd) => {
      const name = nameOf(end);
      const tenant = tenants.get(end.tenantId ?? '');
      return (
        <span className="hv-end" title={[name, end.ip, originText(end)].filter(Boolean).join(' · ')}>
          {tenant !== undefined && <TenantBadge tenant={tenant} />}
          {name !== undefined && <span className="hv-end__name">{name}</span>}
          <Mono>{end.ip}</Mono>
          {end.country !== undefined && <span className="hv-muted hv-small">{end.country}</span>}
        </span>
      );
    };
    const endText = (end: FlowEnd) => [nameOf(end), end.ip, end.country].filter(Boolean).join(' ');
    return [
      {
        id: 'last',
        header: t('flows.time'),
        width: 96,
        sortable: false,
        text: (flow) => flow.lastAt,
        cell: (flow) => (
          <time dateTime={flow.lastAt} title={format.instant(flow.lastAt)}>
            {format.clock(flow.lastAt)}
          </time>
        ),
      },
      {
        id: 'verdict',
        header: t('flows.verdict'),
        width: 96,
        sortable: false,
        text: (flow) => flow.verdict,
        cell: (flow) => (
          <>
            <VerdictLabel verdict={flow.verdict} />
            {wouldChange(flow) && <PendingMark pending={flow.pending} />}
          </>
        ),
      },
      {
        id: 'source',
        header: t('flows.source'),
        width: 216,
        sortable: false,
        text: (flow) => endText(flow.src),
        cell: (flow) => endCell(flow.src),
      },
      {
        id: 'destination',
        header: t('flows.destination'),
        width: 216,
        sortable: false,
        text: (flow) => endText(flow.dst),
        cell: (flow) => endCell(flow.dst),
      },
      {
        id: 'service',
        header: t('flows.service'),
        width: 88,
        sortable: false,
        text: (flow) => serviceName(flow.protocol, flow.dst.port),
        cell: (flow) => <Mono>{serviceName(flow.protocol, flow.dst.port)}</Mono>,
      },
      {
        id: 'rule',
        header: t('flows.rule'),
        width: 190,
        from: 'md',
        sortable: false,
        text: (flow) => ruleWords(flow).name,
        cell: (flow) => <span title={ruleWords(flow).detail}>{ruleWords(flow).name}</span>,
      },
      {
        id: 'pending',
        header: t('flows.pending'),
        width: 190,
        extra: true,
        sortable: false,
        text: (flow) => (flow.pending ? pendingText(flow.pending) : ''),
        cell: (flow) => flow.pending && <span title={pendingText(flow.pending)}>{pendingText(flow.pending)}</span>,
      },
      {
        id: 'application',
        header: t('flows.application'),
        width: 150,
        extra: true,
        sortable: false,
        text: (flow) => flow.inspection?.applications.join('.') ?? '',
        cell: (flow) => flow.inspection?.applications.join(' · '),
      },
      {
        id: 'name',
        header: t('flows.name'),
        width: 190,
        extra: true,
        sortable: false,
        text: (flow) => flow.inspection?.name ?? '',
        cell: (flow) => flow.inspection?.name && <span title={flow.inspection.name}>{flow.inspection.name}</span>,
      },
      {
        id: 'inspection',
        header: t('flows.inspection'),
        width: 190,
        extra: true,
        sortable: false,
        text: (flow) => (flow.inspection ? inspectionText(flow.inspection) : ''),
        cell: (flow) =>
          flow.inspection && <span title={inspectionText(flow.inspection)}>{inspectionText(flow.inspection)}</span>,
      },
      {
        id: 'sent',
        header: t('flows.sent'),
        width: 92,
        numeric: true,
        from: 'md',
        sortable: false,
        text: (flow) => String(flow.bytes),
        cell: (flow) => format.bytes(flow.bytes),
      },
      {
        id: 'replied',
        header: t('flows.replied'),
        width: 92,
        numeric: true,
        from: 'xl',
        sortable: false,
        text: (flow) => String(flow.replyBytes),
        cell: (flow) => format.bytes(flow.replyBytes),
      },
      {
        id: 'host',
        header: t('flows.host'),
        width: 80,
        extra: true,
        sortable: false,
        text: (flow) => observerOf(flow) ?? flow.hostId,
        cell: observerOf,
      },
      {
        id: 'sourcePort',
        header: t('flows.sourcePort'),
        width: 80,
        numeric: true,
        extra: true,
        sortable: false,
        text: (flow) => String(flow.src.port),
        cell: (flow) => flow.src.port,
      },
      {
        id: 'packets',
        header: t('flows.packets'),
        width: 80,
        numeric: true,
        extra: true,
        sortable: false,
        text: (flow) => String(flow.packets + flow.replyPackets),
        cell: (flow) => format.count(flow.packets + flow.replyPackets),
      },
      {
        id: 'started',
        header: t('flows.started'),
        width: 92,
        extra: true,
        sortable: false,
        text: (flow) => flow.startedAt,
        cell: (flow) => format.clock(flow.startedAt),
      },
    ];
  }, [t, format, vms, tenants, hosts, exporters, ruleWords, pendingText, inspectionText, originText]);
}
