import type { Principal } from '@hypervigil/authz';
import type { Duty, Id } from '@hypervigil/model';
import { uuid } from '../fake-platform/make.ts';

/** Who is signed in at the fake platform, with what its policies let them do. */
export const personOf = (duty: Duty, tenantId: Id | null, groupIds: Id[] = []): Principal => ({
  ...{ id: uuid('user', 1), duty, tenantId, scope: { groupIds, networkIds: [] }, disabled: false },
});
