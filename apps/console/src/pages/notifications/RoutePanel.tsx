import type { NotificationRoute } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { DeliveryStateLabel } from './DeliveryStateLabel.tsx';
import { RouteState } from './RouteState.tsx';
import { useDeliveryText } from './use-delivery-text.ts';
import { useRouteTest } from './use-route-test.tsx';

interface Props {
  readonly route: NotificationRoute;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const LATEST = 5;

/** Which alerts a route tells, where to, and whether it arrives. */
export function RoutePanel({ route, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const alertText = useAlertText();
  const texts = useDeliveryText();
  const test = useRouteTest(route);
  const tenants = useCollection('tenants').byId;
  const latest = useCollection('notificationDeliveries')
    .items.filter(({ routeId }) => routeId === route.id)
    .slice(0, LATEST);
  const { match, state, target, tenantId } = route;
  const listed = (words: readonly string[]) => new Intl.ListFormat(format.locale, { type: 'unit' }).format(words);
  const names = (ids: readonly string[]) => listed(ids.map((id) => tenants.get(id)?.name ?? id.slice(0, 8)));
  const severity = t(`overview.severity.${match.leastSeverity}`);
  const failing =
    state.failingSince === null
      ? []
      : [
          { name: t('notificationRoutes.failingSince'), value: <RelativeTime at={state.failingSince} /> },
          { name: t('notificationRoutes.retryAt'), value: <RelativeTime at={state.retryAt} /> },
        ];
  return (
    <>
      <PanelHead
        description={route.description}
        permission="notification:write"
        subject={route}
        onEdit={onEdit}
        onRemove={onRemove}
      >
        {test.button}
      </PanelHead>
      {test.outcome}
      <Facts
        narrow
        facts={[
          { name: t('notificationRoutes.arrives'), value: <RouteState route={route} /> },
          ...failing,
          { name: t('notificationRoutes.waiting'), value: state.waiting },
          { name: t('notificationRoutes.held'), value: state.held },
          { name: t('notificationRoutes.lastSent'), value: <RelativeTime at={state.lastSentAt} /> },
        ]}
      />
      {state.problem !== null && <p>{texts.problem(state.problem)}</p>}
      <Facts
        narrow
        facts={[
          { name: t('notificationRoutes.kind'), value: t(`notificationRoutes.kinds.${target.kind}`) },
          { name: t('notificationRoutes.place'), value: <Mono>{route.place}</Mono> },
          ...('format' in target
            ? [{ name: t('notificationRoutes.format'), value: t(`notificationRoutes.formats.${target.format}`) }]
            : []),
          { name: t('notificationRoutes.language'), value: t(`notificationRoutes.languages.${route.language}`) },
          {
            name: t('notificationRoutes.owner'),
            value: tenantId === null ? t('notificationRoutes.provider') : <TenantTag tenant={tenants.get(tenantId)} />,
          },
          {
            name: t('notificationRoutes.events'),
            value: listed(match.events.map((event) => t(`notificationRoutes.eventNames.${event}`))),
          },
          {
            name: t('notificationRoutes.codes'),
            value: listed(match.codes.map(alertText.title)) || t('notificationRoutes.allCodes'),
          },
          {
            name: t('notificationRoutes.leastSeverity'),
            value: t('notificationRoutes.severityOf', { severity }),
          },
          ...(tenantId === null
            ? [
                {
                  name: t('notificationRoutes.ofTenants'),
                  value: names(match.tenantIds) || t('notificationRoutes.allTenants'),
                },
              ]
            : []),
          { name: t('notificationRoutes.selector'), value: match.selector },
          { name: t('notificationRoutes.perHour'), value: route.perHour },
          { name: t('notificationRoutes.changed'), value: <RelativeTime at={route.changedAt} /> },
        ]}
      />
      <section>
        <h3>{t('notificationRoutes.latest')}</h3>
        {latest.length === 0 && <p className="hv-muted">{t('notificationRoutes.noMessages')}</p>}
        <ul className="hv-plain-list">
          {latest.map((delivery) => (
            <li key={delivery.id}>
              <span>
                {texts.what(delivery)} {delivery.vmName}
              </span>
              <DeliveryStateLabel state={delivery.state} />
              <span className="hv-muted">
                <RelativeTime at={delivery.createdAt} />
              </span>
            </li>
          ))}
        </ul>
        <Link to="/notifications/deliveries" search={{ route: route.id }}>
          {t('notificationRoutes.all')}
        </Link>
      </section>
    </>
  );
}
