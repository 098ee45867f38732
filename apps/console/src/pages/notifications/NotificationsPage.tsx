import type { NotificationRoute } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { CollectionPage } from '../../ui/CollectionPage.tsx';
import { NotificationIcon } from '../../ui/icons.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { RouteDialog } from './RouteDialog.tsx';
import { RoutePanel } from './RoutePanel.tsx';
import { RouteState, wordOf } from './RouteState.tsx';

const textOf = ({ name, id, description, place, target }: NotificationRoute) => [
  name,
  id,
  description,
  place,
  target.kind,
];

/** Who is told of which alerts, and does it arrive? */
export function NotificationsPage() {
  const { t } = useTranslation();
  const routes = useCollection('notificationRoutes');
  const tenants = useCollection('tenants').byId;
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<NotificationRoute>();
  const [removing, setRemoving] = useState<NotificationRoute>();
  const columns = useMemo<readonly Column<NotificationRoute>[]>(() => {
    const kindOf = ({ target }: NotificationRoute) => t(`notificationRoutes.kinds.${target.kind}`);
    const ownerOf = ({ tenantId }: NotificationRoute) =>
      tenantId === null ? t('notificationRoutes.provider') : (tenants.get(tenantId)?.name ?? tenantId);
    return [
      { id: 'name', header: t('common.name'), width: 120, text: ({ name }) => name, cell: ({ name }) => name },
      {
        id: 'arrives',
        header: t('notificationRoutes.arrives'),
        width: 130,
        text: (route) => t(`notificationRoutes.${wordOf(route)}`),
        cell: (route) => <RouteState route={route} />,
      },
      { id: 'kind', header: t('notificationRoutes.kind'), width: 110, text: kindOf, cell: kindOf },
      {
        id: 'place',
        header: t('notificationRoutes.place'),
        width: 190,
        from: 'md',
        text: ({ place }) => place,
        cell: ({ place }) => <span title={place}>{place}</span>,
      },
      {
        id: 'owner',
        header: t('notificationRoutes.owner'),
        width: 120,
        from: 'md',
        text: ownerOf,
        cell: (route) =>
          route.tenantId === null ? ownerOf(route) : <TenantTag tenant={tenants.get(route.tenantId)} />,
      },
      {
        id: 'severity',
        header: t('notificationRoutes.leastSeverity'),
        width: 110,
        from: 'lg',
        text: ({ match }) => t(`overview.severity.${match.leastSeverity}`),
        cell: ({ match }) => t(`overview.severity.${match.leastSeverity}`),
      },
      {
        id: 'waiting',
        header: t('notificationRoutes.waiting'),
        width: 90,
        numeric: true,
        from: 'md',
        text: ({ state }) => String(state.waiting),
        sort: ({ state }) => state.waiting,
        cell: ({ state }) => state.waiting,
      },
      {
        id: 'last',
        header: t('notificationRoutes.lastSent'),
        width: 120,
        from: 'md',
        text: ({ state }) => state.lastSentAt ?? '',
        cell: ({ state }) => <RelativeTime at={state.lastSentAt} />,
      },
    ];
  }, [t, tenants]);
  const create = (
    <div className="hv-row">
      <Link to="/notifications/deliveries">{t('notificationRoutes.all')}</Link>
      <MayButton permission="notification:write" onClick={() => patch({ do: 'create' })}>
        {t('notificationRoutes.create')}
      </MayButton>
    </div>
  );
  return (
    <CollectionPage
      collection="notificationRoutes"
      name="notifications"
      icon={NotificationIcon}
      list={routes}
      columns={columns}
      textOf={textOf}
      create={create}
      panel={(open) => (
        <RoutePanel key={open.id} route={open} onEdit={() => setEditing(open)} onRemove={() => setRemoving(open)} />
      )}
      removing={removing}
      remove={({ id }) => platform.deleteNotificationRoute({ params: { id } })}
      onRemoveClose={() => setRemoving(undefined)}
    >
      <UrlDialog asked="create" permission="notification:write">
        {(close) => <RouteDialog route={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <RouteDialog route={editing} onClose={() => setEditing(undefined)} />}
    </CollectionPage>
  );
}
