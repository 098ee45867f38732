import type { SeenExporter } from '@hypervigil/contract';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { ExporterIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { Mono } from '../../ui/Mono.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { ExporterDialog } from './ExporterDialog.tsx';
import { ExporterPanel } from './ExporterPanel.tsx';
import { ExporterStateLabel } from './ExporterStateLabel.tsx';
import { stateOf } from './exporter-state.ts';
import { Strangers } from './Strangers.tsx';

const textOf = ({ name, id, description, address, hostName, listen }: SeenExporter) => [
  ...[name, id, description, address, hostName, listen],
];
/** Without what the address bar says of a stranger who is to be enrolled. */
const NOBODY = { do: undefined, address: undefined, host: undefined, at: undefined, port: undefined };

/** Who beside the hosts is believed what it tells of flows, and who is not. */
export function ExportersPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const exporters = useCollection('exporters');
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<SeenExporter>();
  const [removing, setRemoving] = useState<SeenExporter>();
  const columns = useMemo<readonly Column<SeenExporter>[]>(
    () => [
      { id: 'name', header: t('common.name'), width: 150, text: ({ name }) => name, cell: ({ name }) => name },
      {
        id: 'address',
        header: t('exporters.address'),
        width: 150,
        text: ({ address }) => address,
        cell: ({ address }) => <Mono>{address}</Mono>,
      },
      {
        id: 'protocol',
        header: t('exporters.protocol'),
        width: 140,
        from: 'md',
        text: ({ protocol }) => t(`exporters.protocols.${protocol}`),
        cell: ({ protocol }) => t(`exporters.protocols.${protocol}`),
      },
      {
        id: 'host',
        header: t('exporters.host'),
        width: 110,
        from: 'md',
        text: ({ hostName }) => hostName,
        cell: ({ hostName }) => hostName,
      },
      {
        id: 'state',
        header: t('exporters.state'),
        width: 150,
        text: (exporter) => t(`exporters.states.${stateOf(exporter)}`),
        cell: (exporter) => <ExporterStateLabel exporter={exporter} />,
      },
      {
        id: 'flows',
        header: t('exporters.flows'),
        width: 110,
        numeric: true,
        from: 'md',
        text: ({ report }) => String(report?.flows ?? 0),
        cell: ({ report }) => format.count(report?.flows ?? 0),
      },
      {
        id: 'lost',
        header: t('exporters.lost'),
        width: 90,
        numeric: true,
        from: 'md',
        text: ({ report }) => String(report?.lost ?? 0),
        cell: ({ report }) => format.count(report?.lost ?? 0),
      },
    ],
    [t, format],
  );
  const create = (
    <MayButton permission="exporter:write" onClick={() => patch({ do: 'create' })}>
      {t('exporters.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="exporters"
      name="exporters"
      icon={ExporterIcon}
      list={exporters}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <ExporterPanel exporter={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteExporter({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <Strangers />
      <UrlDialog asked="create" permission="exporter:write">
        {() => <ExporterDialog exporter={undefined} onClose={() => patch(NOBODY)} />}
      </UrlDialog>
      {editing !== undefined && <ExporterDialog exporter={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
