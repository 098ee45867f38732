import type { HealthItem, HostFacts, HostFirewallPolicy, HostFirewallStatus } from '@hypervigil/model';
import type { Generated, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

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

/** Hosts, how they are known, and what guards them. */
export interface HostsTables {
  authority: AuthorityTable;
  certificates: CertificateTable;
  enrolments: EnrolmentTable;
  hosts: HostTable;
  host_firewall_default: HostFirewallDefaultTable;
  host_firewalls: HostFirewallTable;
}
