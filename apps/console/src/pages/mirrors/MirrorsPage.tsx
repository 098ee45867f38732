import type { SeenMirror } from '@hypervigil/contract';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { MirrorIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useUrl } from '../../ui/use-url.ts';
import { MirrorDialog } from './MirrorDialog.tsx';
import { MirrorPanel } from './MirrorPanel.tsx';
import { copiedBy } from './mirror-state.ts';
import { useTargetText } from './use-target-text.ts';

/** Where copies of traffic go, and what is captured of them. */
export function MirrorsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const targetText = useTargetText();
  const mirrors = useCollection('mirrors');
  const tenants = useCollection('tenants').byId;
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<SeenMirror>();
  const [removing, setRemoving] = useState<SeenMirror>();
  const textOf = useMemo(
    () => (mirror: SeenMirror) => [mirror.name, mirror.id, mirror.description, targetText(mirror.target)],
    [targetText],
  );
  const columns = useMemo<readonly Column<SeenMirror>[]>(
    () => [
      { id: 'name', header: t('common.name'), width: 150, text: ({ name }) => name, cell: ({ name }) => name },
      {
        id: 'target',
        header: t('mirrors.target'),
        width: 220,
        text: ({ target }) => targetText(target),
        cell: ({ target }) => targetText(target),
      },
      {
        id: 'tenant',
        header: t('mirrors.tenant'),
        width: 120,
        text: ({ tenantId }) => tenants.get(tenantId)?.name ?? tenantId,
        cell: ({ tenantId }) => <TenantTag tenant={tenants.get(tenantId)} />,
      },
      {
        id: 'copied',
        header: t('mirrors.copied'),
        width: 100,
        text: (mirror) => String(copiedBy(mirror).copied),
        cell: (mirror) => format.count(copiedBy(mirror).copied),
      },
      {
        id: 'dropped',
        header: t('mirrors.dropped'),
        width: 140,
        from: 'md',
        text: (mirror) => String(copiedBy(mirror).dropped),
        cell: (mirror) => format.count(copiedBy(mirror).dropped),
      },
    ],
    [t, format, targetText, tenants],
  );
  const create = (
    <MayButton permission="mirror:write" onClick={() => patch({ do: 'create' })}>
      {t('mirrors.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="mirrors"
      name="mirrors"
      icon={MirrorIcon}
      list={mirrors}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => <MirrorPanel mirror={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />}
      removing={removing}
      remove={({ id }) => platform.deleteMirror({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="mirror:write">
        {(close) => <MirrorDialog mirror={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <MirrorDialog mirror={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
