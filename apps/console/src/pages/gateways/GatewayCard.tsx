import type { Gateway } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { GatewayActionDialog, type GatewayVerb } from './GatewayActionDialog.tsx';
import { GatewayStateLabel } from './GatewayStateLabel.tsx';
import { startedAt, stateOf } from './gateway-state.ts';
import { useSize } from './use-group-size.ts';

/** One gateway: whether it passes packets, how busy it is, from which image and with which policy. */
export function GatewayCard({ gateway }: { readonly gateway: Gateway }) {
  const { t } = useTranslation();
  const [verb, setVerb] = useState<GatewayVerb>();
  const facts = useFacts(gateway);
  const name = t('gateways.one', { num: gateway.num, host: gateway.hostName });
  const replaced = gateway.replacedBy === null ? undefined : t('gateways.isReplaced');
  const choice = (one: GatewayVerb, disabledReason?: string) => ({
    label: t(`gateways.verbs.${one}`),
    onSelect: () => setVerb(one),
    disabledReason,
  });
  return (
    <Panel
      title={name}
      actions={
        <ActionMenu
          permission="gateway:administer"
          label={`${t('common.actions')}: ${name}`}
          actions={[
            choice('restart'),
            choice('replace', replaced),
            choice(gateway.drain ? 'undrain' : 'drain', replaced),
          ]}
        />
      }
    >
      <Facts narrow facts={facts} />
      {verb !== undefined && <GatewayActionDialog gateway={gateway} verb={verb} onClose={() => setVerb(undefined)} />}
    </Panel>
  );
}

function useFacts(gateway: Gateway): readonly Fact[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { report, drift } = gateway;
  const known = <T,>(value: T | null | undefined, show: (value: T) => ReactNode) =>
    value === null || value === undefined ? <Dash /> : show(value);
  return [
    {
      name: t('common.state'),
      value: (
        <>
          <GatewayStateLabel state={stateOf(gateway)} />
          {gateway.drain && <p className="hv-muted hv-small">{t('gateways.draining')}</p>}
          {gateway.replacedBy !== null && <p className="hv-muted hv-small">{t('gateways.replaced')}</p>}
        </>
      ),
    },
    {
      name: t('vms.host'),
      value: (
        <Link to="/hosts/$id" params={{ id: gateway.hostId }}>
          {gateway.hostName}
        </Link>
      ),
    },
    ...(report?.reason ? [{ name: t('gateways.reason'), value: report.reason }] : []),
    { name: t('gatewayGroups.busy'), value: known(report?.busy, (busy) => format.percent(busy)) },
    { name: t('gatewayGroups.load'), value: known(report?.load, (load) => format.decimal(load)) },
    { name: t('gateways.connections'), value: known(report?.connections, format.count) },
    {
      name: t('gateways.denied'),
      value: (
        <>
          {known(report?.denied, (packets) => (
            <span title={t('gateways.deniedHelp')}>{format.count(packets)}</span>
          ))}{' '}
          <Link to="/flows" search={{ gateway: gateway.id, verdict: 'deny' }}>
            {t('gateways.lastDenied')}
          </Link>
        </>
      ),
    },
    { name: t('gateways.memory'), value: known(report?.memoryAvailableKiB, (kib) => format.bytes(kib * 1024)) },
    { name: t('gateways.since'), value: <RelativeTime at={startedAt(gateway)} /> },
    { name: t('gatewayGroups.size'), value: <Size gateway={gateway} /> },
    {
      name: t('gateways.version'),
      value: known(report?.version ?? report?.build, (version) => (
        <span title={[report?.build, report?.kernel].filter(Boolean).join(', ')}>{version}</span>
      )),
    },
    {
      name: t('gateways.image'),
      value: known(report?.measurement, (sha256) => (
        <>
          <Measurement sha256={sha256} />
          {drift.includes('image') && report?.available && (
            <p className="hv-small">
              {t('gateways.imageDrift', {
                measurement: short(report.available),
                version: report.availableVersion ?? '',
              })}
            </p>
          )}
        </>
      )),
    },
    {
      name: t('gateways.revision'),
      value: known(report?.revision, (revision) => (
        <>
          {revision}
          {drift.includes('policy') && report?.toldRevision !== null && (
            <p className="hv-small">{t('gateways.policyDrift', { revision: report?.toldRevision })}</p>
          )}
        </>
      )),
    },
    { name: t('gateways.detector'), value: known(report?.detector, (is) => t(`gateways.detectors.${is}`)) },
    { name: t('gateways.signatures'), value: known(report?.signatures, (is) => t(`gateways.signaturesAre.${is}`)) },
    { name: t('gateways.seen'), value: <RelativeTime at={gateway.lastSeenAt} /> },
  ];
}

/** What it runs with, and whether that is what its group says. */
function Size({ gateway: { report, drift } }: { readonly gateway: Gateway }) {
  const { t } = useTranslation();
  const size = useSize();
  if (report?.vcpus == null || report.memoryMiB === null) return <Dash />;
  const { vcpus, memoryMiB, maxVcpus, maxMemoryMiB } = report;
  return (
    <>
      {size(vcpus, memoryMiB)}
      {maxVcpus !== null && maxMemoryMiB !== null && (
        <p className="hv-muted hv-small">{t('gateways.room', { size: size(maxVcpus, maxMemoryMiB) })}</p>
      )}
      {drift.includes('size') && (
        <p className="hv-small">{t(report.outgrown ? 'gateways.outgrown' : 'gateways.sizeDrift')}</p>
      )}
    </>
  );
}

const short = (sha256: string) => sha256.slice(0, 16);
const Measurement = ({ sha256 }: { readonly sha256: string }) => (
  <span title={sha256}>
    <Mono>{short(sha256)}</Mono>
  </span>
);
