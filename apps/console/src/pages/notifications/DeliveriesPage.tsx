import { DELIVERY_STATES, type NotificationDelivery } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { NotificationIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
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
  const [url, patch] = useUrl();
  const filters = useMemo(
    () => [
      {
        key: 'route',
        label: t('deliveries.route'),
        choices: routes.map(({ id, name }) => ({ value: id, label: name })),
        fits: ({ routeId }: NotificationDelivery, value: string) => routeId === value,
      },
      {
        key: 'state',
        label: t('common.state'),
        choices: DELIVERY_STATES.map((value) => ({ value, label: t(`deliveries.states.${value}`) })),
        fits: ({ state }: NotificationDelivery, value: string) => state === value,
      },
    ],
    [t, routes],
  );
  const chosen = filters.flatMap((filter) => {
    const choice = filter.choices.find(({ value }) => value === url[filter.key]);
    return choice === undefined ? [] : [{ ...filter, choice }];
  });
  const q = (url['q'] ?? '').toLowerCase();
  const rows = deliveries.items.filter(
    (delivery) =>
      chosen.every(({ fits, choice }) => fits(delivery, choice.value)) &&
      [texts.what(delivery), delivery.vmName, delivery.routeName, texts.outcome(delivery)]
        .join('\n')
        .toLowerCase()
        .includes(q),
  );
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
          rows={rows}
          total={deliveries.items.length}
          rowId={idOf}
          rowName={(delivery) => `${texts.what(delivery)} ${delivery.routeName}`}
          defaultOrder="-at"
          filters={filters.map(({ key, label, choices }) => (
            <FilterSelect
              key={key}
              label={label}
              value={url[key]}
              choices={choices}
              onChange={(value) => patch({ [key]: value })}
            />
          ))}
          chips={chosen.map(({ key, label, choice }) => ({ key, name: label, value: choice.label }))}
        />
      </ListFrame>
    </PageFrame>
  );
}
