import { type NamedService, writeService } from '@hypervigil/model';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { ServiceIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ServiceChips } from '../policy/ServiceChips.tsx';
import { ServiceDialog } from './ServiceDialog.tsx';
import { ServicePanel } from './ServicePanel.tsx';

const nameOf = (service: NamedService) => service.name;
const linesOf = (service: NamedService) => service.services.map(writeService);
const textOf = (service: NamedService) => [service.name, service.id, service.description, ...linesOf(service)];

/** Which services have a name: those of the catalogue, and one's own. */
export function ServicesPage() {
  const { t } = useTranslation();
  const services = useCollection('namedServices');
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<NamedService>();
  const [removing, setRemoving] = useState<NamedService>();
  const columns = useMemo<readonly Column<NamedService>[]>(
    () => [
      { id: 'name', header: t('common.name'), width: 150, text: nameOf, cell: nameOf },
      {
        id: 'services',
        header: t('policy.services'),
        width: 150,
        text: (service) => linesOf(service).join(' '),
        cell: (service) => <ServiceChips services={linesOf(service)} />,
      },
      {
        id: 'origin',
        header: t('namedServices.origin'),
        width: 100,
        text: ({ builtIn }) => t(builtIn ? 'namedServices.builtIn' : 'namedServices.own'),
        cell: ({ builtIn }) =>
          builtIn ? (
            <span className="hv-tag" title={t('namedServices.builtInHelp')}>
              {t('namedServices.builtIn')}
            </span>
          ) : (
            t('namedServices.own')
          ),
      },
      {
        id: 'description',
        header: t('common.description'),
        width: 260,
        from: 'md',
        text: (service) => service.description,
        cell: (service) => <span title={service.description}>{service.description}</span>,
      },
    ],
    [t],
  );
  const create = (
    <MayButton permission="catalogue:write" onClick={() => patch({ do: 'create' })}>
      {t('namedServices.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="namedServices"
      name="services"
      icon={ServiceIcon}
      list={services}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <ServicePanel service={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteNamedService({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="catalogue:write">
        {(close) => <ServiceDialog service={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <ServiceDialog service={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
