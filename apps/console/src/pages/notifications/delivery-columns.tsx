import type { NotificationDelivery } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Dash } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { DeliveryStateLabel } from './DeliveryStateLabel.tsx';
import { useDeliveryText } from './use-delivery-text.ts';

export function useDeliveryColumns(): readonly Column<NotificationDelivery>[] {
  const { t } = useTranslation();
  const texts = useDeliveryText();
  return useMemo(
    () => [
      {
        id: 'at',
        header: t('deliveries.at'),
        width: 110,
        text: ({ createdAt }) => createdAt,
        cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
      },
      {
        id: 'state',
        header: t('common.state'),
        width: 110,
        text: ({ state }) => t(`deliveries.states.${state}`),
        cell: ({ state }) => <DeliveryStateLabel state={state} />,
      },
      {
        id: 'what',
        header: t('deliveries.what'),
        width: 160,
        text: texts.what,
        cell: (delivery) =>
          delivery.alertId === null ? (
            texts.what(delivery)
          ) : (
            <Link to="/alerts/$id" params={{ id: delivery.alertId }}>
              {texts.what(delivery)}
            </Link>
          ),
      },
      {
        id: 'vm',
        header: t('deliveries.vm'),
        width: 120,
        from: 'md',
        text: ({ vmName }) => vmName ?? '',
        cell: ({ vmName }) => vmName ?? <Dash />,
      },
      {
        id: 'route',
        header: t('deliveries.route'),
        width: 130,
        text: ({ routeName }) => routeName,
        cell: ({ routeId, routeName }) => (
          <Link to="/notifications" search={{ id: routeId }}>
            {routeName}
          </Link>
        ),
      },
      {
        id: 'attempts',
        header: t('deliveries.attempts'),
        width: 80,
        numeric: true,
        from: 'md',
        text: ({ attempts }) => String(attempts),
        sort: ({ attempts }) => attempts,
        cell: ({ attempts }) => attempts,
      },
      {
        id: 'outcome',
        header: t('deliveries.outcome'),
        width: 320,
        from: 'md',
        text: texts.outcome,
        cell: (delivery) => (
          <span title={texts.outcome(delivery)}>
            {texts.outcome(delivery)}
            {delivery.nextAt !== null && delivery.attempts > 0 && (
              <span className="hv-muted">
                {' '}
                <RelativeTime at={delivery.nextAt} />
              </span>
            )}
          </span>
        ),
      },
    ],
    [t, texts],
  );
}
