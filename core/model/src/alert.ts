import { z } from 'zod';
import { Ip } from './address.ts';
import { Id, Instant } from './ids.ts';

/** What detectors judge, each with its technique of MITRE ATT&CK (Enterprise). */
export const ALERT_TECHNIQUES = {
  /** Many ports of one machine tried. Network Service Discovery. */
  'port-scan': 'T1046',
  /** One service looked for on many machines. Remote System Discovery. */
  'host-sweep': 'T1018',
  /** Password after password. Brute Force. */
  'brute-force': 'T1110',
  /** More packets or connections than are meant to be answered. Network Denial of Service: Direct Network Flood. */
  flood: 'T1498.001',
  /** The policy refuses a VM again and again. Remote Services. */
  'deny-burst': 'T1021',
  /** A VM of one tenant knocks at VMs of another. Remote Services. */
  'cross-tenant': 'T1021',
  /** Frames with addresses that are not the VM's. Adversary-in-the-Middle. */
  spoofing: 'T1557',
  /** A signature of the intrusion detection. Exploitation of Remote Services. */
  'known-attack': 'T1210',
  /** Resource Hijacking. */
  mining: 'T1496',
  /** Proxy: Multi-hop Proxy. */
  anonymiser: 'T1090.003',
  /** Dynamic Resolution: Domain Generation Algorithms. */
  'generated-names': 'T1568.002',
  /** Unsecured Credentials. */
  'clear-text-password': 'T1552',
  /** A VM calls an address that a threat set lists. Application Layer Protocol (Command and Control). */
  'threat-called': 'T1071',
  /** An address that a threat set lists calls a VM. Active Scanning. */
  'threat-caller': 'T1595',
  /** Calls of one address outside at regular times. Application Layer Protocol (Command and Control). */
  beacon: 'T1071',
  /** Much is sent where nothing was sent before. Exfiltration Over Alternative Protocol. */
  exfiltration: 'T1048',
  /** Data in the names that are asked for. Application Layer Protocol: DNS. */
  'dns-tunnel': 'T1071.004',
  /** Somebody comes to a VM by a service of administration, and goes on from there by one. Remote Services. */
  'lateral-movement': 'T1021',
  /** Passed by a rule that the policy has not. Impair Defenses: Disable or Modify Cloud Firewall. */
  'policy-bypass': 'T1562.007',
  /** Far more sent than at this hour of the week. Resource Hijacking: Bandwidth Hijacking. */
  'unusual-volume': 'T1496.002',
  /** Far more machines spoken to than at this hour of the week. Remote System Discovery. */
  'unusual-fan-out': 'T1018',
  /** A country, an autonomous system, an application or a machine that the VM had never spoken to. Application Layer Protocol. */
  'first-seen': 'T1071',
} as const satisfies Readonly<Record<string, `T${string}`>>;
export type AlertCode = keyof typeof ALERT_TECHNIQUES;
export const ALERT_CODES = Object.keys(ALERT_TECHNIQUES) as [AlertCode, ...AlertCode[]];
export const AlertCode = z.enum(ALERT_CODES);

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

/** Why an alert is as severe as it is. */
export const SEVERITY_REASONS = [
  'none-answered', // nothing of it got through
  'some-answered', // something of it got through
  'other-tenants', // it is aimed at VMs of another tenant
  'from-outside', // an address outside of the cloud does it
  'overload', // what it is aimed at may not answer others any more
  'forged', // no program does this by mistake
  'looked-into', // a gateway recognised it by its content
  'new-destination', // the VM had not sent anything there before
  'off-hours', // and at an hour of the day when it hardly sends anything
  'no-rule', // nothing that is in force allowed it
  'out-of-the-ordinary', // it is different from what it was, which need not be bad
] as const;
export const SeverityReason = z.enum(SEVERITY_REASONS);
export type SeverityReason = z.infer<typeof SeverityReason>;

/** Numbers and words of which the sentences are made that say what was expected and what was seen. */
export const AlertFacts = z.record(z.string().max(32), z.union([z.string().max(64), z.number()]));
export type AlertFacts = z.infer<typeof AlertFacts>;

/** The other end: an address, and of a VM of the cloud, which one and whose. */
export const AlertPeer = z.object({ ip: Ip, vmId: Id.nullable(), tenantId: Id.nullable() });
export type AlertPeer = z.infer<typeof AlertPeer>;

/** Of what was seen, so much is kept. */
export const MAX_ALERT_PEERS = 8;
export const MAX_ALERT_FLOWS = 16;

export const ALERT_STATES = ['new', 'triaged', 'in-progress', 'closed'] as const;
export const AlertState = z.enum(ALERT_STATES);
export type AlertState = z.infer<typeof AlertState>;

/** What an alert turned out to be. */
export const ALERT_RESOLUTIONS = ['true', 'false', 'expected'] as const;
export const AlertResolution = z.enum(ALERT_RESOLUTIONS);
export type AlertResolution = z.infer<typeof AlertResolution>;

export type AlertAction = 'triage' | 'start' | 'close' | 'assign' | 'comment' | 'respond';

/** Which action is allowed in which state: the server refuses by it, buttons explain by it. */
export const ALERT_ACTIONS = {
  triage: ['new'],
  start: ['new', 'triaged'],
  close: ['new', 'triaged', 'in-progress'],
  assign: ['new', 'triaged', 'in-progress'],
  comment: ALERT_STATES,
  respond: ['new', 'triaged', 'in-progress'],
} as const satisfies Record<AlertAction, readonly AlertState[]>;

export const alertCan = (action: AlertAction, state: AlertState): boolean =>
  (ALERT_ACTIONS[action] as readonly AlertState[]).includes(state);

/** A judged behaviour of a VM. What is seen of the same behaviour while it is open counts it up. */
export const Alert = z.object({
  id: Id,
  code: AlertCode,
  severity: Severity,
  reason: SeverityReason,
  state: AlertState,
  resolution: AlertResolution.nullable(),
  vmId: Id,
  vmName: z.string(),
  tenantId: Id.nullable(),
  /** Whether the VM does it, or it is done to the VM. */
  side: z.enum(['source', 'target']),
  /** Of MITRE ATT&CK. */
  technique: z.string().max(16),
  expected: AlertFacts,
  seen: AlertFacts,
  peers: z.array(AlertPeer).max(MAX_ALERT_PEERS),
  /** Flows that it was seen in, by their keys. */
  flowKeys: z.array(z.string().max(64)).max(MAX_ALERT_FLOWS),
  /** How often it was seen. */
  count: z.int().min(1),
  /** When the flows began in which it was first seen, and when those ended in which it was last. */
  firstAt: Instant,
  lastAt: Instant,
  createdAt: Instant,
  /** The account that looks after it. */
  assignee: z.string().nullable(),
  /** Alerts that belong together. Null of one that a platform raised that knew no incidents. */
  incidentId: Id.nullable(),
});
export type Alert = z.infer<typeof Alert>;

export const AlertComment = z.object({ id: Id, at: Instant, author: z.string(), text: z.string().max(4000) });
export type AlertComment = z.infer<typeof AlertComment>;
