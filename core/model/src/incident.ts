import { z } from 'zod';
import { Ip } from './address.ts';
import { ALERT_STATES, Alert, AlertCode, AlertResolution, AlertState, Severity } from './alert.ts';
import { DeliveryState, NotifiedEvent } from './delivery.ts';
import { Id, Instant } from './ids.ts';
import { ResponseAction, ResponseAnswer } from './response.ts';

/** What an attacker is about, in the order of MITRE ATT&CK's matrix (Enterprise), as far as detectors see it. */
export const TACTICS = [
  'reconnaissance',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'command-and-control',
  'exfiltration',
  'impact',
] as const;
export const Tactic = z.enum(TACTICS);
export type Tactic = z.infer<typeof Tactic>;

/** The tactic of each alert's technique; of techniques that ATT&CK lists under several, the one that its detector looks for. */
export const ALERT_TACTICS = {
  'port-scan': 'discovery',
  'host-sweep': 'discovery',
  'brute-force': 'credential-access',
  flood: 'impact',
  'deny-burst': 'lateral-movement',
  'cross-tenant': 'lateral-movement',
  spoofing: 'credential-access',
  'known-attack': 'lateral-movement',
  mining: 'impact',
  anonymiser: 'command-and-control',
  'generated-names': 'command-and-control',
  'clear-text-password': 'credential-access',
  'threat-called': 'command-and-control',
  'threat-caller': 'reconnaissance',
  beacon: 'command-and-control',
  exfiltration: 'exfiltration',
  'dns-tunnel': 'command-and-control',
  'lateral-movement': 'lateral-movement',
  'policy-bypass': 'defense-evasion',
  'unusual-volume': 'impact',
  'unusual-fan-out': 'discovery',
  'first-seen': 'command-and-control',
} as const satisfies Readonly<Record<AlertCode, Tactic>>;

/** An incident holds so many alerts, of so many VMs, at most: it must not swallow the cloud. */
export const MAX_INCIDENT_ALERTS = 50;
export const MAX_INCIDENT_VMS = 16;

/** What alerts have in common: a VM, an address that is no VM's, or a name that was asked for. */
export const IncidentEntity = z.discriminatedUnion('kind', [
  /** The address is the one that it is spoken to by, where it is another end. */
  z.object({ kind: z.literal('vm'), vmId: Id, tenantId: Id.nullable(), ip: Ip.nullable() }),
  z.object({ kind: z.literal('address'), ip: Ip }),
  z.object({ kind: z.literal('name'), name: z.string().max(64) }),
]);
export type IncidentEntity = z.infer<typeof IncidentEntity>;

/** Why an alert came to an incident: what it had in common with one that was there. */
export const IncidentTie = z.object({ entity: IncidentEntity, alertId: Id });
export type IncidentTie = z.infer<typeof IncidentTie>;
export const MAX_INCIDENT_TIES = 8;

export const IncidentMember = z.object({
  alert: Alert,
  /** None of the alert with which the incident began. */
  ties: z.array(IncidentTie).max(MAX_INCIDENT_TIES),
  /** Who put it here by hand. */
  placedBy: z.string().nullable(),
});
export type IncidentMember = z.infer<typeof IncidentMember>;

/**
 * Alerts that belong together. It has nothing of its own but what is in it: state, severity and who looks after it follow from its
 * alerts, so that the two cannot contradict each other, and a tenant, who sees the alerts of its own VMs only, is told the state
 * and the severity of these and learns nothing of others. Closing an incident closes its open alerts.
 */
export const Incident = z.object({
  id: Id,
  severity: Severity,
  /** The alert's kind that is the most severe. */
  worst: AlertCode,
  /** Severity is one step above the worst alert's: so many tactics are no accident. */
  isRaised: z.boolean(),
  /** In ATT&CK's order. */
  tactics: z.array(Tactic),
  /** The furthest of its open alerts' states; closed when all of them are. */
  state: AlertState,
  codes: z.array(AlertCode),
  vms: z.array(z.object({ vmId: Id, vmName: z.string(), tenantId: Id.nullable() })),
  alerts: z.int().min(1),
  /** Not closed; and of these, those that nobody has looked at. */
  open: z.int().min(0),
  waiting: z.int().min(0),
  /** The accounts that look after its open alerts. */
  assignees: z.array(z.string()),
  firstAt: Instant,
  lastAt: Instant,
  /** When its first alert was raised. */
  createdAt: Instant,
});
export type Incident = z.infer<typeof Incident>;

export const IncidentGraph = z.object({
  /** VMs, and addresses that are none. */
  nodes: z.array(
    z.object({
      id: z.string(),
      vmId: Id.nullable(),
      /** Of VMs that an alert is about. */
      vmName: z.string().nullable(),
      tenantId: Id.nullable(),
      ip: Ip.nullable(),
      /** Alerts that are about this VM. */
      alerts: z.int().min(0),
    }),
  ),
  /** Who does it to whom; what is done between the same two in one direction is one edge. */
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      codes: z.array(AlertCode),
      severity: Severity,
      alertIds: z.array(Id),
    }),
  ),
});
export type IncidentGraph = z.infer<typeof IncidentGraph>;

/** What became of a response: a playbook asked for it, a person did, approved or declined it, nobody approved it in time, the tenant answered it, it ended. */
export const ResponseTurn = z.enum(['done', 'asked', 'approved', 'declined', 'lapsed', 'answered', 'undone']);
export type ResponseTurn = z.infer<typeof ResponseTurn>;

const about = { at: Instant, alertIds: z.array(Id).min(1) };
/** What happened, as far as it was recorded. */
export const IncidentMoment = z.discriminatedUnion('kind', [
  /** The flows began in which an alert was first seen; it was raised; the flows ended in which it was last seen. */
  z.object({ kind: z.enum(['began', 'raised', 'lasted']), ...about }),
  z.object({
    kind: z.enum(['triage', 'start', 'assign', 'close']),
    ...about,
    actor: z.string(),
    /** Of `assign`. */
    assignee: z.string().nullable(),
    /** Of `close`. */
    resolution: AlertResolution.nullable(),
  }),
  z.object({ kind: z.literal('comment'), ...about, actor: z.string(), text: z.string() }),
  z.object({
    kind: z.literal('response'),
    ...about,
    turn: ResponseTurn,
    actor: z.string(),
    action: ResponseAction,
    /** Of a block: the address, and the name of the set that it was put into. */
    ip: Ip.nullable(),
    setName: z.string().nullable(),
    /** Null where its time was over. */
    reason: z.string().nullable(),
    /** Of a question that was answered. */
    answer: ResponseAnswer.nullable().default(null),
  }),
  /** Somebody was told, or was to be. */
  z.object({ kind: z.literal('told'), ...about, route: z.string(), event: NotifiedEvent, state: DeliveryState }),
  /** Somebody put alerts here by hand: merged an incident into this one, or split it from another. */
  z.object({ kind: z.literal('placed'), ...about, actor: z.string() }),
]);
export type IncidentMoment = z.infer<typeof IncidentMoment>;

/** The states of alerts in the order in which work goes on. */
export const furthestState = (states: readonly AlertState[]): AlertState => {
  const open = states.filter((state) => state !== 'closed').map((state) => ALERT_STATES.indexOf(state));
  return open.length === 0 ? 'closed' : ALERT_STATES[Math.max(...open)]!;
};
