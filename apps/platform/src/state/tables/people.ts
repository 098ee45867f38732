import type { Duty } from '@hypervigil/model';
import type { Generated } from 'kysely';
import type { Now, When } from './columns.ts';

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

/** People who sign in. */
export interface PeopleTables {
  users: UserTable;
  sessions: SessionTable;
  sign_in_failures: SignInFailureTable;
}
