import { DELIVERY_STATES, type NotificationDelivery } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { NotificationIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { type ChoiceFilter, useNarrowed } from '../../ui/use-narrowed.tsx';
import { useDeliveryColumns } from './delivery-columns.tsx';
import { useDeliveryText } from './use-delivery-text.ts';

const idOf = ({ id }: NotificationDelivery) => id;

/** Which messages of the last seven days arrived, and why not? */
export function DeliveriesPage() {
  const { t } = useTranslation();
  const texts = useDeliveryText();
  const columns = useDeliveryColumns();
  const deliveries = useCollection('notificationDeliveries');
  const routes = useCollection('notificationRoutes').items;
  const filters = useMemo<readonly ChoiceFilter<NotificationDelivery>[]>(
    () => [
      {
        key: 'route',
        label: t('deliveries.route'),
        choices: routes.map(({ id, name }) => ({ value: id, label: name })),
        fits: ({ routeId }, value) => routeId === value,
      },
      {
        key: 'state',
        label: t('common.state'),
        choices: DELIVERY_STATES.map((value) => ({ value, label: t(`deliveries.states.${value}`) })),
        fits: ({ state }, value) => state === value,
      },
    ],
    [t, routes],
  );
  const textOf = useCallback(
    (one: NotificationDelivery) => [texts.what(one), one.vmName, one.routeName, texts.outcome(one)],
    [texts],
  );
  const narrowed = useNarrowed(deliveries.items, textOf, filters);
  return (
    <PageFrame
      fill
      title={t('deliveries.title')}
      subtitle={t('deliveries.question')}
      actions={<Link to="/notifications">{t('notificationRoutes.routes')}</Link>}
    >
      <ListFrame
        {...deliveries}
        empty={
          deliveries.items.length === 0 && (
            <EmptyTeach icon={NotificationIcon} title={t('deliveries.empty')} help={t('deliveries.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="deliveries"
          label={t('deliveries.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={(delivery) => `${texts.what(delivery)} ${delivery.routeName}`}
          defaultOrder="-at"
        />
      </ListFrame>
    </PageFrame>
  );
}
