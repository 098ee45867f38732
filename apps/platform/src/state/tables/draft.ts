import type { Policy, Rule, Tier } from '@hypervigil/model';
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

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

/** What the draft said of a policy before. */
interface DraftVersionTable {
  policy_id: string;
  revision: number;
  content: JSONColumnType<Pick<Policy, 'name' | 'description' | 'tier' | 'tenantId' | 'order' | 'enabled' | 'rules'>>;
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

/** Policies as people write them. */
export interface DraftTables {
  rules: RuleTable;
  draft_policies: DraftPolicyTable;
  draft_versions: DraftVersionTable;
  draft_owners: DraftOwnerTable;
  draft_authors: DraftAuthorTable;
  draft_approvals: DraftApprovalTable;
  approval_settings: ApprovalSettingTable;
}
