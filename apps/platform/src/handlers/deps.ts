import type { Authorizer } from '@hypervigil/authz';
import type { api } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import type { Origins } from '@hypervigil/mmdb';
import type { Analyst } from '../analysis/analyst.ts';
import type { Authority } from '../ca/authority.ts';
import type { FlowDetection } from '../detect/detection.ts';
import type { EventStreams } from '../events/stream.ts';
import type { FlowLimits } from '../flows/health.ts';
import type { Handlers } from '../http/implement.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { Identity } from '../identity/identity.ts';
import type { Throttle } from '../identity/throttle.ts';
import type { ClaimSettings } from '../inventory/claims.ts';
import type { CaptureReader } from '../mirrors/read.ts';
import type { Delivering } from '../notification/deliver.ts';
import type { RouteDeps } from '../notification/routes.ts';
import type { Database } from '../state/database.ts';
import type { RefreshDeps } from '../threat-sets/refresh.ts';

/** What operations are done with. */
export interface HandlerDeps {
  readonly db: Database;
  readonly identity: Identity;
  readonly accounts: Accounts;
  readonly authorizer: Authorizer;
  readonly throttle: Throttle;
  readonly authority: Authority;
  readonly certificateDays: number;
  readonly claims: ClaimSettings;
  /** The address that engines are told; known once the platform listens. */
  publicUrl(): string;
  readonly flows: FlowStore;
  readonly flowLimits: FlowLimits;
  readonly origins: Pick<Origins, 'of' | 'organisationOf'>;
  readonly streams: EventStreams;
  readonly analyst: Analyst;
  readonly feeds: RefreshDeps;
  readonly notification: Delivering & RouteDeps;
  readonly captures: CaptureReader;
  readonly detection: Pick<FlowDetection, 'held' | 'tuningOf'>;
}

/** A part of the API's operations, by subject. */
export type Part = Partial<Handlers<typeof api>>;
