import type { HostListener } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../ui/DataTable.tsx';
import { May } from '../../ui/May.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Column } from '../../ui/table-model.ts';

const serviceOf = ({ protocol, port }: HostListener) => `${protocol}/${port}`;
const idOf = (listener: HostListener) => `${serviceOf(listener)} ${listener.address}`;

/** Programs that listen where no rule expects any: each is a mistake in the policy, or on the host. */
export function Listeners({ listeners }: { readonly listeners: readonly HostListener[] }) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): readonly Column<HostListener>[] => [
      {
        id: 'service',
        header: t('hostFirewall.port'),
        width: 100,
        sortable: false,
        text: serviceOf,
        cell: (listener) => <code className="hv-service">{serviceOf(listener)}</code>,
      },
      {
        id: 'address',
        header: t('hostFirewall.address'),
        width: 160,
        sortable: false,
        text: ({ address }) => address,
        cell: ({ address }) => <Mono>{address}</Mono>,
      },
      {
        id: 'process',
        header: t('hostFirewall.program'),
        width: 160,
        sortable: false,
        text: ({ process }) => process ?? '',
        cell: ({ process }) => process ?? <span className="hv-muted">{t('common.unknown')}</span>,
      },
      {
        id: 'allow',
        header: t('common.actions'),
        headerHidden: true,
        width: 120,
        sortable: false,
        text: () => '',
        cell: (listener) => (
          <May permission="host:secure">
            <Link to="." search={{ do: 'edit', service: serviceOf(listener) }}>
              {t('hostFirewall.writeRule')}
            </Link>
          </May>
        ),
      },
    ],
    [t],
  );
  return (
    <Panel flush title={t('hostFirewall.listeners')} className="hv-below">
      {listeners.length === 0 ? (
        <p className="hv-nothing">{t('hostFirewall.noListeners')}</p>
      ) : (
        <DataTable
          label={t('hostFirewall.listeners')}
          columns={columns}
          rows={listeners}
          rowId={idOf}
          rowName={serviceOf}
          maxHeight={320}
        />
      )}
    </Panel>
  );
}
