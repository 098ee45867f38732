import type { SeenExporter } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { HostLink } from '../../ui/links.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { ExporterStateLabel } from './ExporterStateLabel.tsx';
import { samplingOf } from './exporter-state.ts';

interface Props {
  readonly exporter: SeenExporter;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const COUNTS = ['datagrams', 'flows', 'lost', 'resets', 'malformed', 'withoutTemplate', 'absurd'] as const;
const EXPLAINED = ['lost', 'resets'] as const;

/** Where an exporter is heard, and what came of it. */
export function ExporterPanel({ exporter, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const networks = useCollection('networks').byId;
  const { report, networkId } = exporter;
  const sampling = samplingOf(exporter);
  const heardAt = report?.lastHeardAt ?? null;
  return (
    <>
      <PanelHead description={exporter.description} permission="exporter:write" onEdit={onEdit} onRemove={onRemove} />
      <Facts
        narrow
        facts={[
          { name: t('exporters.state'), value: <ExporterStateLabel exporter={exporter} /> },
          {
            name: t('exporters.heard'),
            value: heardAt === null ? t('exporters.never') : <RelativeTime at={heardAt} />,
          },
          { name: t('exporters.address'), value: <Mono>{exporter.address}</Mono> },
          { name: t('exporters.protocol'), value: t(`exporters.protocols.${exporter.protocol}`) },
          { name: t('exporters.host'), value: <HostLink id={exporter.hostId}>{exporter.hostName}</HostLink> },
          {
            name: t('exporters.listen'),
            value: t('exporters.listens', { address: exporter.listen, port: exporter.port }),
          },
          {
            name: t('exporters.network'),
            value:
              networkId === null ? t('exporters.byVlan') : (networks.get(networkId)?.name ?? networkId.slice(0, 8)),
          },
          {
            name: t('exporters.sampling'),
            value: sampling === 1 ? t('exporters.everyPacket') : t('exporters.oneIn', { number: sampling }),
          },
          { name: t('exporters.changed'), value: <RelativeTime at={exporter.changedAt} /> },
        ]}
      />
      {report !== null && report.reason !== null && <p className="hv-small">{report.reason}</p>}
      {report !== null && (
        <section>
          <h3>{t('exporters.figures')}</h3>
          <Facts
            narrow
            facts={COUNTS.map((what) => ({ name: t(`exporters.${what}`), value: format.count(report[what]) }))}
          />
          {EXPLAINED.filter((what) => report[what] > 0).map((what) => (
            <p key={what} className="hv-muted hv-small">
              {t(`exporters.${what}Help`)}
            </p>
          ))}
        </section>
      )}
      <Link to="/flows" search={{ host: exporter.id }}>
        {t('exporters.showFlows')}
      </Link>
    </>
  );
}
