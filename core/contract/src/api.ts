import { accounts } from './accounts.ts';
import { addressSets } from './address-sets.ts';
import { alertExceptions } from './alert-exceptions.ts';
import { alerts } from './alerts.ts';
import { assertions } from './assertions.ts';
import { detectorSettings } from './detector-settings.ts';
import { exporters } from './exporters.ts';
import { flowHealth } from './flow-health.ts';
import { flowViews } from './flow-views.ts';
import { flows } from './flows.ts';
import { gateways } from './gateways.ts';
import { hostFirewalls } from './host-firewalls.ts';
import { hosts } from './hosts.ts';
import { incidents } from './incidents.ts';
import { limits } from './limits.ts';
import { mirrors } from './mirrors.ts';
import { namedServices } from './named-services.ts';
import { names } from './names.ts';
import { networks, tenants } from './networks.ts';
import { notifications } from './notifications.ts';
import { playbooks } from './playbooks.ts';
import { groups, policies } from './policies.ts';
import { policyAnalysis } from './policy-analysis.ts';
import { policyFlows } from './policy-flows.ts';
import { policyHistory } from './policy-history.ts';
import { policyObservation } from './policy-observation.ts';
import { responses } from './responses.ts';
import { schedules } from './schedules.ts';
import { sessions } from './sessions.ts';
import { threatSets } from './threat-sets.ts';
import { vms } from './vms.ts';
import { audit, events, overview, tasks } from './work.ts';

/** Every endpoint by its operation id. */
export const api = {
  ...sessions,
  ...accounts,
  ...overview,
  ...hosts,
  ...hostFirewalls,
  ...exporters,
  ...gateways,
  ...mirrors,
  ...vms,
  ...networks,
  ...tenants,
  ...groups,
  ...addressSets,
  ...schedules,
  ...namedServices,
  ...limits,
  ...threatSets,
  ...policies,
  ...policyAnalysis,
  ...policyHistory,
  ...policyFlows,
  ...policyObservation,
  ...assertions,
  ...flows,
  ...flowViews,
  ...flowHealth,
  ...names,
  ...alerts,
  ...alertExceptions,
  ...detectorSettings,
  ...responses,
  ...playbooks,
  ...incidents,
  ...notifications,
  ...tasks,
  ...audit,
  ...events,
} as const;
