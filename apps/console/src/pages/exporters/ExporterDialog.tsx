import type { SeenExporter } from '@hypervigil/contract';
import { EXPORT_PORTS, EXPORT_PROTOCOLS, type ExportProtocol } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';
import { useUrl } from '../../ui/use-url.ts';
import { protocolOn } from './exporter-state.ts';

const FIELDS = /^(name|description|address|hostId|listen|port|protocol|networkId|sampling)$/;

interface Props {
  /** Undefined for a new one: then the address bar may know who it is. */
  readonly exporter: SeenExporter | undefined;
  readonly onClose: () => void;
}

/** From where an exporter sends, who listens for it, and of which network it tells. */
export function ExporterDialog({ exporter, onClose }: Props) {
  const { t } = useTranslation();
  const [url] = useUrl();
  const hosts = useCollection('hosts').items;
  const networks = useCollection('networks').items;
  const naming = useNaming(exporter);
  const [address, setAddress] = useState(exporter?.address ?? url['address'] ?? '');
  const [hostId, setHostId] = useState(exporter?.hostId ?? url['host'] ?? '');
  const [listen, setListen] = useState(exporter?.listen ?? url['at'] ?? '');
  const [protocol, setProtocol] = useState<ExportProtocol>(exporter?.protocol ?? protocolOn(url['port']) ?? 'ipfix');
  const [port, setPort] = useState(String(exporter?.port ?? url['port'] ?? EXPORT_PORTS[protocol]));
  const [networkId, setNetworkId] = useState(exporter?.networkId ?? '');
  const [sampling, setSampling] = useState(String(exporter?.sampling ?? 1));
  const { problem, dialog } = useEditor({
    words: 'exporters',
    editing: exporter,
    fields: FIELDS,
    save: () => {
      const where = { address: address.trim(), hostId, listen: listen.trim(), port: Number(port), protocol };
      const what = { networkId: networkId === '' ? null : networkId, sampling: Number(sampling) };
      const body = { ...naming.values, ...where, ...what };
      return exporter === undefined
        ? platform.createExporter({ body })
        : platform.updateExporter({ params: { id: exporter.id }, body: { ...body, revision: exporter.revision } });
    },
    onClose,
  });
  const choose = (chosen: ExportProtocol) => {
    // The usual port follows the protocol; one that somebody chose stays.
    if (port === String(EXPORT_PORTS[protocol])) setPort(String(EXPORT_PORTS[chosen]));
    setProtocol(chosen);
  };
  const isWhole = naming.isNamed && [address, hostId, listen, port, sampling].every((text) => text.trim() !== '');
  return (
    <Dialog {...dialog} canSubmit={isWhole}>
      <NamingFields naming={naming} problem={problem} />
      <TextField
        required
        label={t('exporters.address')}
        help={t('exporters.addressHelp')}
        problem={problem('address')}
        value={address}
        onChange={setAddress}
      />
      <SelectField
        label={t('exporters.protocol')}
        problem={problem('protocol')}
        value={protocol}
        options={EXPORT_PROTOCOLS.map((value) => ({ value, label: t(`exporters.protocols.${value}`) }))}
        onChange={choose}
      />
      <SelectField
        label={t('exporters.host')}
        help={t('exporters.hostHelp')}
        problem={problem('hostId')}
        value={hostId}
        options={[
          { value: '', label: t('exporters.chooseHost') },
          ...hosts.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={setHostId}
      />
      <div className="hv-row">
        <TextField
          required
          label={t('exporters.listen')}
          help={t('exporters.listenHelp')}
          problem={problem('listen')}
          value={listen}
          onChange={setListen}
        />
        <TextField
          inputMode="numeric"
          label={t('exporters.port')}
          problem={problem('port')}
          value={port}
          onChange={setPort}
        />
      </div>
      <SelectField
        label={t('exporters.network')}
        help={t('exporters.networkHelp')}
        problem={problem('networkId')}
        value={networkId}
        options={[
          { value: '', label: t('exporters.byVlan') },
          ...networks.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={setNetworkId}
      />
      {protocol !== 'sflow' && (
        <TextField
          inputMode="numeric"
          label={t('exporters.sampling')}
          help={t('exporters.samplingHelp')}
          problem={problem('sampling')}
          value={sampling}
          onChange={setSampling}
        />
      )}
    </Dialog>
  );
}
