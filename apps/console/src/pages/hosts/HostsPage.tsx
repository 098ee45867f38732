import type { Host } from '@hypervigil/model';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { HostIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useNarrowed } from '../../ui/use-narrowed.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { EnrolDialog } from './EnrolDialog.tsx';
import { useHostColumns } from './host-columns.tsx';

const idOf = (host: Host) => host.id;
const nameOf = (host: Host) => host.name;
const textOf = ({ name, id, facts }: Host) => [name, id, JSON.stringify(facts)];

export function HostsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const hosts = useCollection('hosts');
  const columns = useHostColumns();
  const [, patch] = useUrl();
  const narrowed = useNarrowed(hosts.items, textOf);
  const enrol = (variant: 'primary' | 'secondary' = 'primary') => (
    <MayButton permission="host:administer" variant={variant} onClick={() => patch({ do: 'enrol' })}>
      {t('hosts.enrol')}
    </MayButton>
  );
  return (
    <PageFrame fill title={t('hosts.title')} subtitle={t('hosts.question')} actions={hosts.items.length > 0 && enrol()}>
      <ListFrame
        {...hosts}
        empty={
          hosts.items.length === 0 && (
            <EmptyTeach icon={HostIcon} title={t('hosts.empty')} help={t('hosts.emptyHelp')} action={enrol()} />
          )
        }
      >
        <EntityTable
          name="hosts"
          label={t('hosts.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={nameOf}
          defaultOrder="name"
          onActivate={(host) => void navigate({ to: '/hosts/$id', params: { id: host.id } })}
        />
      </ListFrame>
      <UrlDialog asked="enrol" permission="host:administer">
        {(close) => <EnrolDialog onClose={close} />}
      </UrlDialog>
    </PageFrame>
  );
}
