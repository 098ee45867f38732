import type { AssertionViolation, RevisionApproval } from '@hypervigil/contract';
import type { AssertionEnd, AssertionKind, AssertionState, Policy, Service } from '@hypervigil/model';
import type { Generated, JSONColumnType } from 'kysely';
import type { Now, When } from './columns.ts';

interface PolicyStateTable {
  draft_revision: number;
  published_revision: number;
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

/** Policies as hosts enforce them, and what must be true of them. */
export interface PublishedTables {
  assertions: AssertionTable;
  assertion_states: AssertionStateTable;
  policy_revisions: PolicyRevisionTable;
  revision_hosts: RevisionHostTable;
  revision_observations: RevisionObservationTable;
  policy_state: PolicyStateTable;
}
