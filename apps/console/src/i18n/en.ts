import { addressSets } from './en/address-sets.ts';
import { alerts } from './en/alerts.ts';
import { assertions } from './en/assertions.ts';
import { audit } from './en/audit.ts';
import { behaviour } from './en/behaviour.ts';
import { cell } from './en/cell.ts';
import { common } from './en/common.ts';
import { detectorSettings } from './en/detector-settings.ts';
import { drag } from './en/drag.ts';
import { error } from './en/error.ts';
import { exporters } from './en/exporters.ts';
import { findings } from './en/findings.ts';
import { flowHealth } from './en/flow-health.ts';
import { flowViews } from './en/flow-views.ts';
import { flows } from './en/flows.ts';
import { gatewayGroups, gateways } from './en/gateways.ts';
import { groups } from './en/groups.ts';
import { history } from './en/history.ts';
import { hostFirewall } from './en/host-firewall.ts';
import { hosts } from './en/hosts.ts';
import { incidents } from './en/incidents.ts';
import { keys } from './en/keys.ts';
import { limits } from './en/limits.ts';
import { map } from './en/map.ts';
import { matrix } from './en/matrix.ts';
import { mirrors } from './en/mirrors.ts';
import { namedServices } from './en/named-services.ts';
import { names } from './en/names.ts';
import { nav } from './en/nav.ts';
import { networks } from './en/networks.ts';
import { deliveries, notificationRoutes } from './en/notifications.ts';
import { observation } from './en/observation.ts';
import { overview } from './en/overview.ts';
import { palette } from './en/palette.ts';
import { approvals, people } from './en/people.ts';
import { playbooks } from './en/playbooks.ts';
import { policy } from './en/policy.ts';
import { reach } from './en/reach.ts';
import { recommendations } from './en/recommendations.ts';
import { recorded } from './en/recorded.ts';
import { responses } from './en/responses.ts';
import { risks } from './en/risks.ts';
import { schedules } from './en/schedules.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';
import { simulation } from './en/simulation.ts';
import { synthetic } from './en/synthetic.ts';
import { syntheticHelp } from './en/synthetic-help.ts';
import { table } from './en/table.ts';
import { tasks } from './en/tasks.ts';
import { tenants } from './en/tenants.ts';
import { vms } from './en/vms.ts';

/** Every word that the console says in English. Keys are grouped by where the words stand. */
export const en = {
  product: 'Hypervigil',
  nav,
  shell,
  signIn,
  keys,
  palette,
  common,
  cell,
  table,
  error,
  drag,
  overview,
  hosts,
  vms,
  networks,
  tenants,
  history,
  alerts,
  responses,
  detectorSettings,
  playbooks,
  incidents,
  assertions,
  addressSets,
  groups,
  map,
  recorded,
  simulation,
  flows,
  synthetic,
  syntheticHelp,
  namedServices,
  schedules,
  policy,
  tasks,
  audit,
  behaviour,
  findings,
  recommendations,
  gatewayGroups,
  gateways,
  names,
  approvals,
  people,
  risks,
  hostFirewall,
  limits,
  matrix,
  observation,
  mirrors,
  flowHealth,
  flowViews,
  exporters,
  notificationRoutes,
  deliveries,
  reach,
};
