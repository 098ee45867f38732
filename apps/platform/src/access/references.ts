import type { FieldMistake, Id, Permission } from '@hypervigil/model';
import { ApiFailure } from '../errors.ts';
import type { Access } from './access.ts';
import type { Asked } from './guard.ts';
import { isOwned, type OwnedThing } from './owners.ts';

type Named = OwnedThing | 'host' | 'gateway' | 'incident';

/** What fields of requests name, by their names. */
export const NAMES: Readonly<Record<string, Named>> = {
  vmId: 'vm',
  vmIds: 'vm',
  peerVmId: 'vm',
  networkId: 'network',
  networkIds: 'network',
  tenantId: 'tenant',
  tenantIds: 'tenant',
  groupId: 'group',
  groupIds: 'group',
  addressSetId: 'address-set',
  addressSetIds: 'address-set',
  mirrorId: 'mirror',
  policyId: 'policy',
  ruleId: 'rule',
  hostId: 'host',
  toHostId: 'host',
  gatewayId: 'gateway',
  routeId: 'notification',
  alertIds: 'alert',
  incidentId: 'incident',
};

interface Reference {
  readonly field: string;
  readonly kind: Named;
  readonly id: Id;
}

/**
 * Whoever names a thing must be allowed to read it: nobody learns by naming what they may not know, and no rule of one
 * tenant speaks of a group of another.
 * @throws ApiFailure `invalid-request` with `unknown-id` for each, as for ids of nothing
 */
export async function requireReadable(access: Access, { query, body }: Asked): Promise<void> {
  // The provider's people may read everything there is; ids of nothing are told by the handlers, as ever.
  if (access.person.tenantId === null) return;
  const references = [...referencesIn(query, ''), ...referencesIn(body, '')];
  const mistakes: FieldMistake[] = [];
  for (const [kind, some] of Map.groupBy(references, (one) => one.kind)) {
    const readable = await readableOf(access, kind, [...new Set(some.map(({ id }) => id))]);
    for (const { field, id } of some)
      if (!readable.has(id.toLowerCase())) mistakes.push({ field, code: 'unknown-id', params: { what: kind } });
  }
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}

async function readableOf(access: Access, kind: Named, ids: readonly Id[]): Promise<ReadonlySet<Id>> {
  if (!isOwned(kind)) return new Set();
  const permission = (kind === 'rule' ? 'policy:read' : `${kind}:read`) as Permission;
  const found = await access.find(kind, permission, ids);
  return new Set(found.filter((one) => access.decide(permission, one).allowed).map(({ id }) => id!));
}

function referencesIn(value: unknown, path: string): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Reference[] => {
    const field = path === '' ? key : `${path}.${key}`;
    // A rule that inspects, and a mirror's target, name a group of gateways.
    const kind = /(^|\.)(inspect(\.next\.\d+)?|target)$/.test(path) && key === 'groupId' ? 'gateway-group' : NAMES[key];
    if (kind === undefined) return referencesIn(inner, field);
    if (typeof inner === 'string') return [{ field, kind, id: inner }];
    if (!Array.isArray(inner)) return [];
    return inner.map((id: Id, i) => ({ field: `${field}.${i}`, kind, id }));
  });
}
