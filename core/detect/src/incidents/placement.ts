import { MAX_INCIDENT_ALERTS, MAX_INCIDENT_TIES, MAX_INCIDENT_VMS } from '@hypervigil/model';

/** Alerts with so much quiet between them belong together by nothing but chance. */
export const INCIDENT_WINDOW_MS = 6 * 3_600_000;
/** Who does the same to more VMs than that does it to everybody: a scanner of the internet. */
const MAX_VICTIMS = 3;
/** What more VMs have for another end than that is there for everybody: a resolver, a mirror of packages, a popular service. */
const MAX_SHARERS = 8;

/** An alert as far as grouping looks at it. */
interface Groupable {
  readonly id: string;
  readonly vmId: string;
  readonly side: 'source' | 'target';
  /** Keys of its entities, its VM's among them. */
  readonly entities: readonly string[];
  readonly firstMs: number;
  readonly lastMs: number;
}

/** One that is in an incident already. */
export interface Grouped extends Groupable {
  readonly incidentId: string;
  /** Not when it was a false alarm, or expected: what is no incident leads to none. */
  readonly binds: boolean;
}

/** An incident with an alert that is open. */
export interface OpenIncident {
  readonly id: string;
  readonly createdMs: number;
  readonly alerts: number;
  readonly vmIds: readonly string[];
  /** Somebody has merged or split it by hand: it takes in new alerts, and is not merged again by itself. */
  readonly isArranged: boolean;
  /** The accounts that look after it. */
  readonly assignees: readonly string[];
}

interface Placement {
  /** Null: the alert begins an incident. */
  readonly incidentId: string | null;
  /** Incidents that become part of it, because the alert belongs to them, too. */
  readonly takes: readonly string[];
  /** What it has in common with which alerts there. */
  readonly ties: readonly { readonly key: string; readonly alertId: string }[];
}

/**
 * Two alerts are tied when they have a VM, an address or a domain in common with at most six hours between them; an incident is
 * what ties connect. So it does not depend on the order in which alerts come: one that is tied to two incidents makes them one. This is thread
 * reconstruction, focus recognition and multistep correlation of Valeur et al., "A comprehensive approach to intrusion detection alert
 * correlation" (IEEE TDSC 1(3), 2004), on one graph as in Eckhoff et al., "A graph-based approach to alert contextualisation in
 * security operations centres" (2025), instead of by prerequisites and consequences of attacks (Ning et al., CCS 2002), which
 * need somebody to write these down for each. What everybody meets ties nothing: an end that does it to more than three VMs, or that more
 * than eight have. An incident that is full, that a person has arranged, or that another person works on, is not merged by itself;
 * of several that cannot become one, the alert goes to where it has its own VM in common, then the oldest.
 */
export function placeAlert(
  alert: Groupable,
  others: readonly Grouped[],
  incidents: ReadonlyMap<string, OpenIncident>,
): Placement {
  const common = commonOf([alert, ...others]);
  const ties = others
    .filter((other) => other.binds && other.id !== alert.id && quietBetween(alert, other) <= INCIDENT_WINDOW_MS)
    .flatMap((other) =>
      other.entities
        .filter((key) => alert.entities.includes(key) && (isOwn(key, alert, other) || !common.has(key)))
        .map((key) => ({ key, alertId: other.id, incidentId: other.incidentId, weight: weightOf(key, alert, other) })),
    )
    .sort((a, b) => b.weight - a.weight || compare(a.alertId, b.alertId) || compare(a.key, b.key));
  const tied = [...Map.groupBy(ties, ({ incidentId }) => incidentId)]
    .flatMap(([id, some]) => {
      const incident = incidents.get(id);
      return incident === undefined || !fits([incident], alert) ? [] : [{ incident, weight: some[0]!.weight }];
    })
    .sort((a, b) => b.weight - a.weight || byAge(a.incident, b.incident))
    .map(({ incident }) => incident);
  const [first, ...rest] = tied;
  if (first === undefined) return { incidentId: null, takes: [], ties: [] };
  const together = [first];
  for (const one of rest.toSorted(byAge))
    if (mayMerge([...together, one]) && fits([...together, one], alert)) together.push(one);
  const [into, ...taken] = together.toSorted(byAge);
  const ids = new Set(together.map(({ id }) => id));
  return {
    incidentId: into!.id,
    takes: taken.map(({ id }) => id),
    ties: ties
      .filter(({ incidentId }) => ids.has(incidentId))
      .slice(0, MAX_INCIDENT_TIES)
      .map(({ key, alertId }) => ({ key, alertId })),
  };
}

const ownKey = ({ vmId }: Groupable): string => `vm:${vmId}`;
/** The VM that both are about. */
const isOwn = (key: string, a: Groupable, b: Groupable): boolean => key === ownKey(a) && a.vmId === b.vmId;
/** Of both, of one of them, or a third. */
const weightOf = (key: string, a: Groupable, b: Groupable): number =>
  Number(key === ownKey(a)) + Number(key === ownKey(b));

const quietBetween = (a: Groupable, b: Groupable): number => Math.max(a.firstMs - b.lastMs, b.firstMs - a.lastMs, 0);

/** What more VMs meet than could be by one attack; that a VM's own alerts are about it does not make it common. */
function commonOf(alerts: readonly Groupable[]): ReadonlySet<string> {
  const sharers = new Map<string, { all: Set<string>; victims: Set<string> }>();
  for (const { vmId, side, entities } of alerts)
    for (const key of entities) {
      if (key === `vm:${vmId}`) continue;
      const some = sharers.get(key) ?? { all: new Set(), victims: new Set() };
      sharers.set(key, some);
      some.all.add(vmId);
      if (side === 'target') some.victims.add(vmId);
    }
  const common = [...sharers].filter(([, { all, victims }]) => all.size > MAX_SHARERS || victims.size > MAX_VICTIMS);
  return new Set(common.map(([key]) => key));
}

function fits(incidents: readonly OpenIncident[], { vmId }: Groupable): boolean {
  const alerts = incidents.reduce((sum, one) => sum + one.alerts, 1);
  const vms = new Set([vmId, ...incidents.flatMap(({ vmIds }) => vmIds)]);
  return alerts <= MAX_INCIDENT_ALERTS && vms.size <= MAX_INCIDENT_VMS;
}

const mayMerge = (incidents: readonly OpenIncident[]): boolean =>
  !incidents.some(({ isArranged }) => isArranged) && new Set(incidents.flatMap(({ assignees }) => assignees)).size <= 1;

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const byAge = (a: OpenIncident, b: OpenIncident): number => a.createdMs - b.createdMs || compare(a.id, b.id);
