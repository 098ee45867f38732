import type { Flow, FlowEnd, Signature } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { packetService } from '../../data/analysis.ts';
import { useInspectionText, useRiskName } from '../../data/inspection.ts';
import { usePendingText } from '../../data/pending.ts';
import { useCollection } from '../../data/queries.ts';
import { useRuleWords } from '../../data/rules.ts';
import { Facts } from '../../ui/Facts.tsx';
import { serviceName, systemName, tcpFlagNames } from '../../ui/format.ts';
import { VerdictLabel } from '../../ui/labels.tsx';
import { VmLink } from '../../ui/links.tsx';
import { May } from '../../ui/May.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { ObserverLink } from '../../ui/ObserverLink.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';

/** Everything known about one connection, and where that knowledge comes from. */
export function FlowDetail({ flow }: { readonly flow: Flow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const networks = useCollection('networks');
  const rule = useRuleWords()(flow);
  const pendingText = usePendingText();
  const inspectionText = useInspectionText();
  const riskName = useRiskName();
  const seen = flow.inspection;
  const ms = Date.parse(flow.lastAt) - Date.parse(flow.startedAt);
  const rate = ms > 0 ? ((flow.bytes + flow.replyBytes) * 8000) / ms : undefined;
  return (
    <>
      <div className={`hv-decision hv-decision--${flow.verdict}`}>
        <VerdictLabel verdict={flow.verdict} />
        <div>
          <strong>{rule.name}</strong>
          {rule.detail !== '' && <p>{rule.detail}</p>}
          {rule.policyId !== undefined && (
            <Link to="/policy" search={{ id: rule.policyId, rule: String(flow.ruleNum) }}>
              {t('flows.openPolicy')}
            </Link>
          )}
          {flow.inspection !== null && <p>{inspectionText(flow.inspection)}</p>}
          {flow.pending !== null && <p>{pendingText(flow.pending)}</p>}
          {flow.pending?.policyId && (
            <Link to="/policy" search={{ id: flow.pending.policyId, rule: String(flow.pending.ruleNum) }}>
              {t('flows.openStaged')}
            </Link>
          )}{' '}
          <May permission="policy:analyse">
            <Link
              to="/reach"
              search={{
                from: flow.src.ip,
                to: flow.dst.ip,
                service: packetService({ ...flow, port: flow.dst.port || null }),
                of: 'published',
              }}
            >
              {t('reach.why')}
            </Link>
          </May>
        </div>
      </div>
      <End title={t('flows.source')} end={flow.src} />
      <End title={t('flows.destination')} end={flow.dst} />
      <Facts
        narrow
        facts={[
          { name: t('flows.service'), value: <Mono>{serviceName(flow.protocol, flow.dst.port)}</Mono> },
          ...(seen?.applications.length
            ? [{ name: t('flows.application'), value: seen.applications.join(' · ') }]
            : []),
          ...(seen?.name ? [{ name: t('flows.name'), value: <Mono>{seen.name}</Mono> }] : []),
          ...(seen?.risks.length
            ? [
                {
                  name: t('flows.risks'),
                  value: new Intl.ListFormat(format.locale, { type: 'unit' }).format(seen.risks.map(riskName)),
                },
              ]
            : []),
          ...(seen?.signatures.length
            ? [{ name: t('flows.signatures'), value: <Signatures signatures={seen.signatures} /> }]
            : []),
          ...(flow.icmpType === null
            ? []
            : [{ name: 'ICMP', value: t('flows.icmp', { type: flow.icmpType, code: flow.icmpCode ?? 0 }) }]),
          {
            name: t('flows.sent'),
            value: `${format.bytes(flow.bytes)} · ${t('flows.packetsN', { count: flow.packets })}`,
          },
          {
            name: t('flows.replied'),
            value: `${format.bytes(flow.replyBytes)} · ${t('flows.packetsN', { count: flow.replyPackets })}`,
          },
          { name: t('flows.average'), value: rate === undefined ? <Dash /> : format.rate(rate) },
          ...(flow.protocol === 6
            ? [{ name: t('flows.tcpFlags'), value: <Mono>{tcpFlagNames(flow.tcpFlags).join(' ')}</Mono> }]
            : []),
          { name: t('flows.started'), value: <AbsoluteTime at={flow.startedAt} /> },
          { name: t('flows.last'), value: <AbsoluteTime at={flow.lastAt} /> },
          { name: t('flows.duration'), value: format.duration(Math.max(0, ms)) },
          { name: t('flows.network'), value: networks.byId.get(flow.networkId ?? '')?.name ?? <Dash /> },
          { name: t('flows.host'), value: <ObserverLink id={flow.hostId} /> },
          { name: t('flows.point'), value: t(`flows.points.${flow.point}`) },
          { name: t('flows.revision'), value: flow.revision },
          { name: t('flows.id'), value: <Mono>{flow.id}</Mono> },
        ]}
      />
    </>
  );
}

/** What was seen, each with its number and how grave it is; a number leads to all flows with it. */
function Signatures({ signatures }: { readonly signatures: readonly Signature[] }) {
  const { t } = useTranslation();
  return (
    <ul>
      {signatures.map(({ id, message, category, severity, at }) => (
        <li key={`${id} ${message}`}>
          {message}
          <p className="hv-muted hv-small">
            {id > 0 && (
              <>
                <Link to="/flows" search={{ signature: String(id) }}>
                  <Mono>{id}</Mono>
                </Link>{' '}
                ·{' '}
              </>
            )}
            {t('flows.severity', { severity })}
            {category !== '' && ` · ${category}`} · <AbsoluteTime at={at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function End({ title, end }: { readonly title: string; readonly end: FlowEnd }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tenants = useCollection('tenants');
  return (
    <section>
      <h3>{title}</h3>
      <Facts
        narrow
        facts={[
          { name: t('flows.vm'), value: end.vmId === null ? t('map.outside') : <VmLink id={end.vmId} /> },
          ...(end.vmId === null
            ? []
            : [{ name: t('flows.tenant'), value: <TenantTag tenant={tenants.byId.get(end.tenantId ?? '')} /> }]),
          { name: t('flows.address'), value: <Mono>{end.ip}</Mono> },
          ...(end.country === undefined ? [] : [{ name: t('flows.country'), value: format.country(end.country) }]),
          ...(end.asn === undefined ? [] : [{ name: t('flows.system'), value: systemName(end.asn, end.organisation) }]),
          { name: t('flows.port'), value: <Mono>{end.port}</Mono> },
          ...(end.mac === null ? [] : [{ name: t('vms.mac'), value: <Mono>{end.mac}</Mono> }]),
        ]}
      />
    </section>
  );
}
