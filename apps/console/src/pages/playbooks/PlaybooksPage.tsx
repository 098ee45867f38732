import type { Playbook } from '@hypervigil/model';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { OffIcon, PlayIcon, RunningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { PlaybookDialog } from './PlaybookDialog.tsx';
import { PlaybookPanel } from './PlaybookPanel.tsx';

/** What is done about alerts without anybody doing it. */
export function PlaybooksPage() {
  const { t } = useTranslation();
  const common = useCommonColumns();
  const playbooks = useCollection('playbooks');
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<Playbook>();
  const [removing, setRemoving] = useState<Playbook>();
  const columns = useMemo<readonly Column<Playbook>[]>(
    () => [
      common.name(130),
      {
        ...{ id: 'enabled', header: t('common.state'), width: 120 },
        text: ({ enabled }) => t(enabled ? 'playbooks.on' : 'playbooks.off'),
        cell: ({ enabled }) => (
          <Status tone={enabled ? 'green' : 'grey'} icon={enabled ? RunningIcon : OffIcon}>
            {t(enabled ? 'playbooks.on' : 'playbooks.off')}
          </Status>
        ),
      },
      common.text('action', { header: t('responses.action'), width: 150, from: 'md' }, ({ action }) =>
        t(`responses.actions.${action}`),
      ),
      common.text('limits', { header: t('playbooks.perHour'), width: 220, from: 'md' }, (playbook) =>
        t('playbooks.limits', { ...playbook }),
      ),
      common.text('severity', { header: t('alerts.severity'), width: 110, from: 'lg' }, ({ match }) =>
        t('notificationRoutes.severityOf', { severity: t(`overview.severity.${match.leastSeverity}`) }),
      ),
    ],
    [t, common],
  );
  const create = (
    <MayButton permission="playbook:write" onClick={() => patch({ do: 'create' })}>
      {t('playbooks.create')}
    </MayButton>
  );
  return (
    <CollectionPage
      collection="playbooks"
      name="playbooks"
      icon={PlayIcon}
      list={playbooks}
      columns={columns}
      textOf={({ name, id, description }) => [name, id, description]}
      create={create}
      panel={(open) => (
        <PlaybookPanel playbook={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deletePlaybook({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="playbook:write">
        {(close) => <PlaybookDialog playbook={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <PlaybookDialog playbook={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
