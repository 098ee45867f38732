import type { Advice, NetworkLimitDrops, RuleLimitDrops } from '@hypervigil/contract';
import type { Gateway, HealthItem } from '@hypervigil/model';
import type { WaitingAlerts } from '../detect/waiting.ts';
import type { AddressConflict } from '../inventory/conflicts.ts';
import type { CountedDrops } from '../limits/drops.ts';
import type { FailingRoute } from '../notification/deliveries.ts';
import type { AgedThreatSet } from '../threat-sets/ages.ts';

/** What of a host advice is drawn from. */
export interface AdvisedHost {
  readonly name: string;
  readonly channel_id: string | null;
  readonly apply_error: string | null;
  readonly intent_revision: number;
  readonly applied_revision: number;
  readonly drift: number;
  readonly health: readonly HealthItem[];
}

/** What to do next, most useful first. */
export function adviceFor(state: {
  hosts: readonly AdvisedHost[];
  alerts: WaitingAlerts;
  unprotected: number;
  conflicts: readonly AddressConflict[];
  gateways: readonly Gateway[];
  draftChanged: boolean;
  /** Names of assertions that do not hold of what is published. */
  violated: readonly string[];
  threatSets: readonly AgedThreatSet[];
  drops: readonly CountedDrops[];
  ruleDrops: readonly RuleLimitDrops[];
  networkDrops: readonly NetworkLimitDrops[];
  /** Of the published revision: what passed before and is denied now. */
  newlyDenied: { readonly revision: number; readonly talks: number; readonly vms: number } | null;
  failing: readonly FailingRoute[];
}): Advice[] {
  const { hosts, unprotected, conflicts, gateways, draftChanged, violated, threatSets, drops, newlyDenied } = state;
  const advice: Advice[] = [
    ...(hosts.length === 0 ? [{ code: 'no-hosts' as const, severity: 'high' as const, params: {} }] : []),
    ...adviceForAlerts(state.alerts),
    ...adviceForRoutes(state.failing),
    ...hosts.flatMap(adviceForHost),
  ];
  if (unprotected > 0) advice.push({ code: 'unprotected-vnics', severity: 'high', params: { count: unprotected } });
  for (const { network, address, vms } of conflicts)
    advice.push({ code: 'address-conflict', severity: 'high', params: { network, address, vms: vms.join(', ') } });
  for (const assertion of violated)
    advice.push({ code: 'assertion-violated', severity: 'high', params: { assertion } });
  if (newlyDenied !== null) {
    const { revision, talks, vms } = newlyDenied;
    advice.push({ code: 'newly-denied', severity: 'high', params: { revision, count: talks, vms } });
  }
  for (const { name, hours } of threatSets)
    advice.push(
      hours === null
        ? { code: 'threat-set-empty', severity: 'medium', params: { set: name } }
        : { code: 'threat-set-old', severity: 'medium', params: { set: name, count: hours } },
    );
  advice.push(...gateways.flatMap(adviceForGateway), ...drops.flatMap(adviceForDrops));
  advice.push(...state.ruleDrops.flatMap(adviceForRuleDrops), ...state.networkDrops.flatMap(adviceForNetworkDrops));
  if (draftChanged) advice.push({ code: 'draft-unpublished', severity: 'low', params: {} });
  const rank = { high: 0, medium: 1, low: 2 };
  return advice.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

/** One that is severe is worth more than many that are not, and is told for itself. */
export function adviceForAlerts({ severe, others }: WaitingAlerts): Advice[] {
  if (severe > 0) return [{ code: 'alerts-severe', severity: 'high', params: { count: severe } }];
  return others > 0 ? [{ code: 'alerts-new', severity: 'medium', params: { count: others } }] : [];
}

/** Who is told nothing knows nothing of it. */
export const adviceForRoutes = (failing: readonly FailingRoute[]): Advice[] =>
  failing.map(({ name, hours }) => ({
    code: 'notification-failing',
    severity: 'high',
    params: { route: name, count: hours },
  }));

function adviceForHost(host: AdvisedHost): Advice[] {
  const { name } = host;
  if (host.channel_id === null) return [{ code: 'host-offline', severity: 'high', params: { host: name } }];
  const advice: Advice[] = [];
  if (host.apply_error !== null)
    advice.push({ code: 'apply-failed', severity: 'high', params: { host: name, error: host.apply_error } });
  else if (host.applied_revision !== host.intent_revision)
    advice.push({
      code: 'host-drift',
      severity: 'medium',
      params: { host: name, applied: host.applied_revision, intent: host.intent_revision },
    });
  if (host.drift > 0)
    advice.push({ code: 'inventory-drift', severity: 'low', params: { host: name, count: host.drift } });
  for (const item of host.health)
    if (!item.ok)
      advice.push({
        code: 'health',
        severity: 'medium',
        params: { ...item.params, host: name, item: item.name, reason: item.code },
      });
  return advice;
}

/** A host tells of its gateways every five seconds. */
const GATEWAY_SILENT_MS = 30_000;
/** A gateway boots in seconds, where processors are emulated, too. */
const GATEWAY_START_MS = 60_000;

/** Of a host that is away, its own advice says enough. */
function adviceForGateway({ num, groupName, hostName, hostOnline, report, drift, ...times }: Gateway): Advice[] {
  if (!hostOnline) return [];
  const age = (instant: string) => Date.now() - Date.parse(instant);
  const phase =
    report === null || age(times.lastSeenAt ?? times.createdAt) > GATEWAY_SILENT_MS ? 'unknown' : report.phase;
  const isStarting = phase !== 'silent' && phase !== 'failed' && age(times.createdAt) < GATEWAY_START_MS;
  const params = { gateway: num, group: groupName, host: hostName };
  if (phase !== 'up' && !isStarting)
    return [{ code: 'gateway-down', severity: 'high', params: { ...params, phase, reason: report?.reason ?? '' } }];
  return drift.includes('image') ? [{ code: 'gateway-image', severity: 'low', params }] : [];
}

/** So it is with rules. */
function adviceForRuleDrops({ rule, kind, droppedPackets, goesOn }: RuleLimitDrops): Advice[] {
  if (!goesOn || kind === 'ruleBandwidth') return [];
  const params = { rule: rule.name, policy: rule.policy, kind, count: droppedPackets };
  return [{ code: 'rule-limit-exceeded', severity: 'medium', params }];
}

/** And with networks. */
function adviceForNetworkDrops({ networkName, hostName, droppedPackets, goesOn }: NetworkLimitDrops): Advice[] {
  if (!goesOn) return [];
  const params = { network: networkName, host: hostName, count: droppedPackets };
  return [{ code: 'network-limit-exceeded', severity: 'medium', params }];
}

/** That a vNIC meets the limit of its bandwidth is what the limit is for; that of connections is met by who floods or is flooded. */
function adviceForDrops({ vmName, hostName, kind, droppedPackets, goesOn }: CountedDrops): Advice[] {
  if (!goesOn || kind === 'bandwidthOut' || kind === 'bandwidthIn') return [];
  const params = { vm: vmName, host: hostName, kind, count: droppedPackets };
  return [{ code: 'limit-exceeded', severity: 'medium', params }];
}
