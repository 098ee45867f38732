import type { AssertionViolation, ObservedVm, RevisionApproval } from '@hypervigil/contract';
import type {
  AssertionEnd,
  AssertionKind,
  AssertionState,
  CaptureBounds,
  CaptureReport,
  Duty,
  FeedFormat,
  FeedProblem,
  GatewayReport,
  HealthItem,
  HostFacts,
  HostFirewallPolicy,
  HostFirewallStatus,
  Hours,
  LeftOut,
  LimitReading,
  LimitValues,
  MirrorReport,
  MirrorTarget,
  Policy,
  Rule,
  Service,
  Tier,
  VmState,
} from '@hypervigil/model';
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely';

/** Given by the database when absent. */
type Now = ColumnType<Date, Date | undefined, Date>;
type When = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface UserTable {
  id: string;
  name: string;
  password_hash: string;
  must_change_password: boolean;
  duty: Duty;
  tenant_id: string | null;
  scope_groups: Generated<string[]>;
  scope_networks: Generated<string[]>;
  disabled: Generated<boolean>;
  created_by: Generated<string>;
  last_sign_in_at: When;
  created_at: Now;
}

interface SessionTable {
  /** SHA-256 of the cookie's token: who reads the table cannot sign in with it. */
  token_hash: Buffer;
  user_id: string;
  created_at: Now;
  seen_at: Now;
  expires_at: Date;
}

interface SignInFailureTable {
  source: string;
  username: string;
  at: Now;
}

interface AuthorityTable {
  certificate: string;
  /** PKCS #8, encrypted with the key file of the state directory. */
  sealed_key: Buffer;
  created_at: Now;
}

interface CertificateTable {
  serial: string;
  host_id: string;
  issued_at: Now;
  expires_at: Date;
}

interface EnrolmentTable {
  id: string;
  token_hash: Buffer;
  host_name: string;
  created_by: string;
  created_at: Now;
  expires_at: Date;
  used_at: When;
}

interface HostTable {
  id: string;
  name: string;
  revoked: Generated<boolean>;
  facts: JSONColumnType<HostFacts | null, string | null | undefined, string>;
  health: JSONColumnType<HealthItem[], string | undefined, string>;
  /** Which connection of which platform process holds the host's channel now; null while it is offline. */
  channel_process: string | null;
  channel_id: string | null;
  intent_revision: Generated<number>;
  intent_digest: string | null;
  applied_revision: Generated<number>;
  applied_policy_revision: Generated<number>;
  apply_error: string | null;
  drift: Generated<number>;
  enrolled_at: Now;
  last_seen_at: When;
  certificate_expires_at: Date;
}

interface HostFirewallColumns {
  revision: number;
  policy: JSONColumnType<HostFirewallPolicy | null, string | null | undefined, string | null>;
  trial_seconds: number;
  confirmed: boolean;
  changed_at: When;
  changed_by: string | null;
}

interface HostFirewallDefaultTable extends HostFirewallColumns {
  singleton: Generated<boolean>;
}

interface HostFirewallTable extends HostFirewallColumns {
  host_id: string;
  inherited: boolean;
  status: JSONColumnType<HostFirewallStatus | null, string | null | undefined, string | null>;
}

export interface TenantTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  intra_tenant: 'allow' | 'deny';
  created_at: Now;
}

interface NetworkTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  vlan: number | null;
  cidrs: string[];
  tenant_id: string | null;
  created_at: Now;
}

interface VmTable {
  id: string;
  name: string;
  host_id: string | null;
  tenant_id: string | null;
  /** True when a person gave the VM to its tenant: claims no longer change it. Likewise for the other `_set` columns. */
  tenant_set: Generated<boolean>;
  state: VmState;
  vcpus: number;
  memory_mib: number;
  hypervisor: 'kvm' | 'qemu' | 'other';
  tags: JSONColumnType<Record<string, string>>;
  tags_set: Generated<boolean>;
  quarantine_reason: string | null;
  quarantined_by: string | null;
  /** Null when it is not quarantined. */
  quarantined_at: When;
  first_seen_at: Now;
  changed_at: Now;
}

interface VnicTable {
  id: string;
  num: GeneratedAlways<number>;
  vm_id: string;
  mac: string;
  network_id: string | null;
  network_set: Generated<boolean>;
  ipv4: string[];
  ipv4_set: Generated<boolean>;
  ipv6: string[];
  ipv6_set: Generated<boolean>;
  device: string | null;
  ofport: number | null;
  on_switch: boolean;
  enforced: boolean;
  /** Place among its VM's vNICs. */
  position: number;
}

/** What each host last said of a VM. During a migration there are two; see `inventory/owner.ts`. */
interface SightingTable {
  vm_id: string;
  host_id: string;
  /** When this host began to run the VM; null while it does not. */
  active_since: When;
  observed: JSONColumnType<ObservedVm>;
  seen_at: Now;
}

interface GroupTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string | null;
  /** The selector, as `printSelector` writes it. */
  expression: string;
  revision: Generated<number>;
  changed_at: Now;
}

interface GroupVmTable {
  group_id: string;
  vm_id: string;
}

interface ScheduleTable {
  id: string;
  name: string;
  description: string;
  hours: JSONColumnType<Hours>;
  revision: Generated<number>;
  changed_at: Now;
}

interface NamedServiceTable {
  id: string;
  name: string;
  description: string;
  services: JSONColumnType<Service[]>;
  revision: Generated<number>;
  changed_at: Now;
}

interface LimitTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  vm_ids: string[];
  group_ids: string[];
  network_ids: string[];
  tenant_ids: string[];
  limit_values: JSONColumnType<LimitValues>;
  revision: Generated<number>;
  changed_at: Now;
}

/** What limits have dropped of a vNIC, or of a rule, on a host. */
interface LimitDropTable {
  host_id: string;
  num: number;
  kind: LimitReading['kind'];
  dropped_packets: number;
  dropped_bytes: number;
  /** When the present time of dropping, or the last one, began. */
  since: Date;
  last_at: Date;
}

interface AddressSetTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string | null;
  entry_count: number;
  excluded_count: number;
  ipv4_blocks: number;
  ipv6_blocks: number;
  revision: Generated<number>;
  changed_at: Now;
}

interface AddressSetEntriesTable {
  set_id: string;
  entries: string[];
  excluded: string[];
}

interface ThreatFeedTable {
  set_id: string;
  url: string | null;
  format: FeedFormat;
  csv_column: string | null;
  every_minutes: number;
  /** When the source is asked next; null when people bring the file. */
  next_at: When;
  tried_at: When;
  /** When the source last gave the entries, or said that they are the same. */
  checked_at: When;
  fetched_at: When;
  source: string | null;
  sha256: string | null;
  bytes: number | null;
  etag: string | null;
  last_modified: string | null;
  taken: Generated<number>;
  left_out: JSONColumnType<LeftOut[], string | undefined, string>;
  problem: JSONColumnType<FeedProblem | null, string | null | undefined, string | null>;
}

interface GroupNetworkTable {
  group_id: string;
  network_id: string;
}

interface GroupTenantTable {
  group_id: string;
  tenant_id: string;
}

interface GroupGroupTable {
  group_id: string;
  inner_id: string;
}

/** A rule keeps its number for ever: flow records of last year still name it. */
interface RuleTable {
  id: string;
  num: GeneratedAlways<number>;
  policy_id: string;
  /** For the first time. */
  published_at: When;
}

export interface DraftPolicyTable {
  id: string;
  name: string;
  description: string;
  tier: Tier;
  tenant_id: string | null;
  order: number;
  enabled: boolean;
  rules: JSONColumnType<Rule[]>;
  revision: number;
  /** Of the draft, gone with the next publishing. */
  removed: Generated<boolean>;
  changed_at: Now;
}

interface AssertionTable {
  id: string;
  name: string;
  kind: AssertionKind;
  from_end: JSONColumnType<AssertionEnd>;
  to_end: JSONColumnType<AssertionEnd>;
  services: JSONColumnType<Service[]>;
  owner: string;
  comment: string;
  enabled: boolean;
  revision: Generated<number>;
  changed_at: Now;
}

/** What was last found of an assertion in the published policies. */
interface AssertionStateTable {
  assertion_id: string;
  state: AssertionState;
  violation: JSONColumnType<AssertionViolation | null, string | null, string | null>;
  checked_at: Now;
}

/** What the draft said of a policy before. */
interface DraftVersionTable {
  policy_id: string;
  revision: number;
  content: JSONColumnType<Pick<Policy, 'name' | 'description' | 'tier' | 'tenantId' | 'order' | 'enabled' | 'rules'>>;
}

interface PolicyRevisionTable {
  revision: number;
  policies: JSONColumnType<Policy[]>;
  rules: number;
  comment: string;
  published_at: Now;
  published_by: string;
  /** Null before there were approvals. */
  approval: JSONColumnType<RevisionApproval[] | null, string | null | undefined, string | null>;
}

/** What a host said of a revision. */
interface RevisionHostTable {
  revision: number;
  host_id: string;
  confirmed_at: When;
  refused_at: When;
  error: string | null;
}

/** What recorded flows showed of a revision when they were last looked at. */
interface RevisionObservationTable {
  revision: number;
  /** Pairs of addresses on a service that passed before and are denied since, and VMs with a part in them. */
  denied_talks: number;
  denied_vms: number;
  last_denied_at: When;
}

interface DraftOwnerTable {
  /** A tenant, or `PROVIDER` of policy/draft-owners.ts; of the other tables likewise. */
  owner: string;
  revision: number;
}

interface DraftAuthorTable {
  owner: string;
  name: string;
}

interface DraftApprovalTable {
  owner: string;
  name: string;
  at: Now;
  comment: string;
}

interface ApprovalSettingTable {
  tier: Tier;
  approvers: number;
}

interface PolicyStateTable {
  draft_revision: number;
  published_revision: number;
}

export interface TaskTable {
  id: string;
  kind: 'vm.start' | 'vm.shutdown' | 'vm.stop' | 'vm.reboot' | 'vm.migrate' | 'host.sync';
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  host_id: string | null;
  vm_id: string | null;
  params: JSONColumnType<Record<string, unknown>>;
  created_by: string;
  created_at: Now;
  started_at: When;
  ended_at: When;
  /** When a queued or running task that nobody reports on is given up. */
  lease_until: Date;
  /** The engine's process that it was sent to. */
  sent_to: string | null;
  progress: number | null;
  error: JSONColumnType<{ code: string; message: string } | null, string | null | undefined, string | null>;
}

interface AuditTable {
  id: Generated<number>;
  at: Now;
  actor: string;
  action: string;
  outcome: 'done' | 'refused' | 'failed';
  subject: string;
  params: JSONColumnType<Record<string, unknown>>;
  request_id: string | null;
}

/** What changed, in order: read by every platform process for its browsers, its intents and its tasks. */
interface EventTable {
  id: Generated<number>;
  at: Now;
  kind: string;
  subject: string | null;
}

interface GatewayGroupTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string | null;
  per_host: number;
  max_per_host: number;
  vcpus: number;
  memory_mib: number;
  detect: boolean;
  revision: Generated<number>;
  changed_at: Now;
}

interface GatewayTable {
  id: string;
  num: Generated<number>;
  group_id: string;
  host_id: string;
  epoch: Generated<number>;
  drain: Generated<boolean>;
  /** No longer needed: it goes when its connections are over. */
  retired: Generated<boolean>;
  /** Another is to take its place when its turn comes. */
  renew: Generated<boolean>;
  replaced_by: string | null;
  /** Since when it takes no new connections because its successor does, or the others. */
  replaced_at: When;
  report: JSONColumnType<Omit<GatewayReport, 'id'> | null, string | null | undefined, string | null>;
  created_at: Now;
  seen_at: When;
}

interface MirrorTable {
  id: string;
  num: GeneratedAlways<number>;
  name: string;
  description: string;
  tenant_id: string;
  vm_ids: string[];
  one_in: number;
  target: JSONColumnType<MirrorTarget>;
  revision: Generated<number>;
  changed_at: Now;
}

interface MirrorReportTable {
  mirror_id: string;
  host_id: string;
  report: JSONColumnType<Omit<MirrorReport, 'id'>>;
}

interface CaptureTable {
  id: string;
  mirror_id: string;
  bounds: JSONColumnType<CaptureBounds>;
  started_by: string;
  created_at: Now;
  ends_at: ColumnType<Date, Date, Date>;
  running: Generated<boolean>;
}

interface CaptureFileTable {
  id: Generated<string>;
  capture_id: string;
  host_id: string;
  report: JSONColumnType<Omit<CaptureReport, 'id'>>;
}

export interface Tables {
  mirrors: MirrorTable;
  mirror_reports: MirrorReportTable;
  captures: CaptureTable;
  capture_files: CaptureFileTable;
  gateway_groups: GatewayGroupTable;
  gateways: GatewayTable;
  users: UserTable;
  sessions: SessionTable;
  sign_in_failures: SignInFailureTable;
  authority: AuthorityTable;
  certificates: CertificateTable;
  enrolments: EnrolmentTable;
  hosts: HostTable;
  host_firewall_default: HostFirewallDefaultTable;
  host_firewalls: HostFirewallTable;
  tenants: TenantTable;
  networks: NetworkTable;
  vms: VmTable;
  vnics: VnicTable;
  sightings: SightingTable;
  groups: GroupTable;
  group_vms: GroupVmTable;
  address_sets: AddressSetTable;
  schedules: ScheduleTable;
  named_services: NamedServiceTable;
  limits: LimitTable;
  limit_drops: LimitDropTable;
  address_set_entries: AddressSetEntriesTable;
  threat_feeds: ThreatFeedTable;
  group_networks: GroupNetworkTable;
  group_tenants: GroupTenantTable;
  group_groups: GroupGroupTable;
  rules: RuleTable;
  draft_policies: DraftPolicyTable;
  draft_versions: DraftVersionTable;
  assertions: AssertionTable;
  assertion_states: AssertionStateTable;
  policy_revisions: PolicyRevisionTable;
  revision_hosts: RevisionHostTable;
  revision_observations: RevisionObservationTable;
  policy_state: PolicyStateTable;
  draft_owners: DraftOwnerTable;
  draft_authors: DraftAuthorTable;
  draft_approvals: DraftApprovalTable;
  approval_settings: ApprovalSettingTable;
  tasks: TaskTable;
  audit: AuditTable;
  events: EventTable;
}
