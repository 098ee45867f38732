import type { Messages } from './setup.ts';
import { addressSets } from './zh-CN/address-sets.ts';
import { alerts } from './zh-CN/alerts.ts';
import { assertions } from './zh-CN/assertions.ts';
import { audit } from './zh-CN/audit.ts';
import { behaviour } from './zh-CN/behaviour.ts';
import { cell } from './zh-CN/cell.ts';
import { common } from './zh-CN/common.ts';
import { detectorSettings } from './zh-CN/detector-settings.ts';
import { drag } from './zh-CN/drag.ts';
import { error } from './zh-CN/error.ts';
import { exporters } from './zh-CN/exporters.ts';
import { findings } from './zh-CN/findings.ts';
import { flowHealth } from './zh-CN/flow-health.ts';
import { flowViews } from './zh-CN/flow-views.ts';
import { flows } from './zh-CN/flows.ts';
import { gatewayGroups, gateways } from './zh-CN/gateways.ts';
import { groups } from './zh-CN/groups.ts';
import { history } from './zh-CN/history.ts';
import { hostFirewall } from './zh-CN/host-firewall.ts';
import { hosts } from './zh-CN/hosts.ts';
import { incidents } from './zh-CN/incidents.ts';
import { keys } from './zh-CN/keys.ts';
import { limits } from './zh-CN/limits.ts';
import { map } from './zh-CN/map.ts';
import { matrix } from './zh-CN/matrix.ts';
import { mirrors } from './zh-CN/mirrors.ts';
import { namedServices } from './zh-CN/named-services.ts';
import { names } from './zh-CN/names.ts';
import { nav } from './zh-CN/nav.ts';
import { networks } from './zh-CN/networks.ts';
import { deliveries, notificationRoutes } from './zh-CN/notifications.ts';
import { observation } from './zh-CN/observation.ts';
import { overview } from './zh-CN/overview.ts';
import { palette } from './zh-CN/palette.ts';
import { approvals, people } from './zh-CN/people.ts';
import { playbooks } from './zh-CN/playbooks.ts';
import { policy } from './zh-CN/policy.ts';
import { reach } from './zh-CN/reach.ts';
import { recommendations } from './zh-CN/recommendations.ts';
import { recorded } from './zh-CN/recorded.ts';
import { responses } from './zh-CN/responses.ts';
import { risks } from './zh-CN/risks.ts';
import { schedules } from './zh-CN/schedules.ts';
import { shell } from './zh-CN/shell.ts';
import { signIn } from './zh-CN/sign-in.ts';
import { simulation } from './zh-CN/simulation.ts';
import { synthetic } from './zh-CN/synthetic.ts';
import { syntheticHelp } from './zh-CN/synthetic-help.ts';
import { table } from './zh-CN/table.ts';
import { tasks } from './zh-CN/tasks.ts';
import { tenants } from './zh-CN/tenants.ts';
import { vms } from './zh-CN/vms.ts';

/** 控制台的全部中文文案。术语以设计文档的词表为准。 */
export const zhCN: Messages = {
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
  risks,
  approvals,
  people,
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
