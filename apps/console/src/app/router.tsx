import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { type UrlState, withoutEmpty } from '../ui/use-url.ts';
import { NotFound } from './NotFound.tsx';
import { RouteError } from './RouteError.tsx';
import { Shell } from './Shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
  validateSearch: (search): UrlState => search as UrlState,
  // The chosen scope goes along from screen to screen, until it is cleared.
  search: {
    middlewares: [
      ({ search, next }) => {
        const result = next(search);
        return 'tenant' in result ? result : { ...result, tenant: search['tenant'] };
      },
    ],
  },
});
const page = <const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component });

const routes = root.addChildren([
  page(
    '/',
    lazyRouteComponent(() => import('../pages/overview/OverviewPage.tsx'), 'OverviewPage'),
  ),
  page(
    '/alerts',
    lazyRouteComponent(() => import('../pages/alerts/AlertsPage.tsx'), 'AlertsPage'),
  ),
  page(
    '/alerts/exceptions',
    lazyRouteComponent(() => import('../pages/alerts/ExceptionsPage.tsx'), 'ExceptionsPage'),
  ),
  page(
    '/alerts/responses',
    lazyRouteComponent(() => import('../pages/responses/ResponsesPage.tsx'), 'ResponsesPage'),
  ),
  page(
    '/playbooks',
    lazyRouteComponent(() => import('../pages/playbooks/PlaybooksPage.tsx'), 'PlaybooksPage'),
  ),
  page(
    '/alerts/detectors/settings',
    lazyRouteComponent(
      () => import('../pages/alerts/detector-settings/DetectorSettingsPage.tsx'),
      'DetectorSettingsPage',
    ),
  ),
  page(
    '/alerts/detectors',
    lazyRouteComponent(() => import('../pages/alerts/DetectorsPage.tsx'), 'DetectorsPage'),
  ),
  page(
    '/alerts/$id',
    lazyRouteComponent(() => import('../pages/alerts/AlertPage.tsx'), 'AlertPage'),
  ),
  page(
    '/incidents',
    lazyRouteComponent(() => import('../pages/incidents/IncidentsPage.tsx'), 'IncidentsPage'),
  ),
  page(
    '/incidents/$id',
    lazyRouteComponent(() => import('../pages/incidents/IncidentPage.tsx'), 'IncidentPage'),
  ),
  page(
    '/notifications',
    lazyRouteComponent(() => import('../pages/notifications/NotificationsPage.tsx'), 'NotificationsPage'),
  ),
  page(
    '/notifications/deliveries',
    lazyRouteComponent(() => import('../pages/notifications/DeliveriesPage.tsx'), 'DeliveriesPage'),
  ),
  page(
    '/hosts',
    lazyRouteComponent(() => import('../pages/hosts/HostsPage.tsx'), 'HostsPage'),
  ),
  page(
    '/hosts/$id',
    lazyRouteComponent(() => import('../pages/hosts/HostPage.tsx'), 'HostPage'),
  ),
  page(
    '/vms',
    lazyRouteComponent(() => import('../pages/vms/VmsPage.tsx'), 'VmsPage'),
  ),
  page(
    '/vms/$id',
    lazyRouteComponent(() => import('../pages/vms/VmPage.tsx'), 'VmPage'),
  ),
  page(
    '/networks',
    lazyRouteComponent(() => import('../pages/networks/NetworksPage.tsx'), 'NetworksPage'),
  ),
  page(
    '/tenants',
    lazyRouteComponent(() => import('../pages/tenants/TenantsPage.tsx'), 'TenantsPage'),
  ),
  page(
    '/groups',
    lazyRouteComponent(() => import('../pages/groups/GroupsPage.tsx'), 'GroupsPage'),
  ),
  page(
    '/address-sets',
    lazyRouteComponent(() => import('../pages/address-sets/AddressSetsPage.tsx'), 'AddressSetsPage'),
  ),
  page(
    '/limits',
    lazyRouteComponent(() => import('../pages/limits/LimitsPage.tsx'), 'LimitsPage'),
  ),
  page(
    '/services',
    lazyRouteComponent(() => import('../pages/services/ServicesPage.tsx'), 'ServicesPage'),
  ),
  page(
    '/schedules',
    lazyRouteComponent(() => import('../pages/schedules/SchedulesPage.tsx'), 'SchedulesPage'),
  ),
  page(
    '/map',
    lazyRouteComponent(() => import('../pages/map/MapPage.tsx'), 'MapPage'),
  ),
  page(
    '/flows',
    lazyRouteComponent(() => import('../pages/flows/FlowsPage.tsx'), 'FlowsPage'),
  ),
  page(
    '/flows/health',
    lazyRouteComponent(() => import('../pages/flow-health/FlowHealthPage.tsx'), 'FlowHealthPage'),
  ),
  page(
    '/names',
    lazyRouteComponent(() => import('../pages/names/NamesPage.tsx'), 'NamesPage'),
  ),
  page(
    '/policy',
    lazyRouteComponent(() => import('../pages/policy/PolicyPage.tsx'), 'PolicyPage'),
  ),
  page(
    '/reach',
    lazyRouteComponent(() => import('../pages/reach/ReachPage.tsx'), 'ReachPage'),
  ),
  page(
    '/matrix',
    lazyRouteComponent(() => import('../pages/matrix/MatrixPage.tsx'), 'MatrixPage'),
  ),
  page(
    '/gateways',
    lazyRouteComponent(() => import('../pages/gateways/GatewaysPage.tsx'), 'GatewaysPage'),
  ),
  page(
    '/mirrors',
    lazyRouteComponent(() => import('../pages/mirrors/MirrorsPage.tsx'), 'MirrorsPage'),
  ),
  page(
    '/exporters',
    lazyRouteComponent(() => import('../pages/exporters/ExportersPage.tsx'), 'ExportersPage'),
  ),
  page(
    '/host-firewalls',
    lazyRouteComponent(() => import('../pages/host-firewall/HostFirewallsPage.tsx'), 'HostFirewallsPage'),
  ),
  page(
    '/host-firewalls/$id',
    lazyRouteComponent(() => import('../pages/host-firewall/HostFirewallPage.tsx'), 'HostFirewallPage'),
  ),
  page(
    '/recommendations',
    lazyRouteComponent(() => import('../pages/recommendations/RecommendationsPage.tsx'), 'RecommendationsPage'),
  ),
  page(
    '/policy/simulation',
    lazyRouteComponent(() => import('../pages/simulation/SimulationPage.tsx'), 'SimulationPage'),
  ),
  page(
    '/policy/observation',
    lazyRouteComponent(() => import('../pages/observation/ObservationPage.tsx'), 'ObservationPage'),
  ),
  page(
    '/policy/history',
    lazyRouteComponent(() => import('../pages/history/HistoryPage.tsx'), 'HistoryPage'),
  ),
  page(
    '/assertions',
    lazyRouteComponent(() => import('../pages/assertions/AssertionsPage.tsx'), 'AssertionsPage'),
  ),
  page(
    '/tasks',
    lazyRouteComponent(() => import('../pages/tasks/TasksPage.tsx'), 'TasksPage'),
  ),
  page(
    '/people',
    lazyRouteComponent(() => import('../pages/people/PeoplePage.tsx'), 'PeoplePage'),
  ),
  page(
    '/audit',
    lazyRouteComponent(() => import('../pages/audit/AuditPage.tsx'), 'AuditPage'),
  ),
]);

export const createConsoleRouter = () =>
  createRouter({
    routeTree: routes,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: false,
    // Plain `key=value`: addresses that people read, change and send.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(withoutEmpty(search as UrlState)).toString();
      return text === '' ? '' : `?${text}`;
    },
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
