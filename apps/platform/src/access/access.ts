import type { Authorizer, Decision, Reach, Resource, Rights } from '@hypervigil/authz';
import { type Id, isWhole, PERMISSIONS, type Permission } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Person } from '../identity/identity.ts';
import { vmsWithin } from '../policy/members.ts';
import type { Database } from '../state/database.ts';
import { type Found, findOwned, type OwnedThing } from './owners.ts';

/** What one person may do, for the time of one call. */
export interface Access {
  readonly person: Person;
  rights(): Rights;
  reach(permission: Permission): Reach;
  decide(permission: Permission, resource: Resource): Decision;
  /** These things with what policies of the permission look at; ids of nothing are left out. */
  find(thing: OwnedThing, permission: Permission, ids: readonly Id[]): Promise<Resource[]>;
  /**
   * SQL for lists: whether a row whose owner this column tells is one of those that the person may; `part` is the column of
   * the group or network that it is.
   */
  owned(permission: Permission, owner: string, part?: string): RawBuilder<boolean>;
  /** The same of VMs, by the columns of their id and of their tenant. */
  vms(permission: Permission, id: string, owner: string): Promise<RawBuilder<boolean>>;
}

export function createAccess(db: Database, authorizer: Authorizer, person: Person): Access {
  const { tenantId, scope } = person;
  const parts = [...scope.groupIds, ...scope.networkIds];
  /** Of all VMs, or of some, those that are in the person's part of the tenant. */
  const within = async (ids?: readonly Id[]): Promise<ReadonlySet<Id>> =>
    tenantId === null || ids?.length === 0 ? new Set() : vmsWithin(db, { tenantId, scope }, ids);

  /** For rights that are limited: the groups and networks that each of these is in, as far as they count. */
  async function partsOf(thing: OwnedThing, found: readonly Found[]): Promise<(one: Found) => readonly Id[]> {
    if (isWhole(scope)) return () => [];
    if (thing === 'group' || thing === 'network') return ({ part }) => (part === null ? [] : [part]);
    const vms = await within(found.flatMap(({ part }) => part ?? []));
    return ({ part }) => (part !== null && vms.has(part) ? parts : []);
  }

  const reach = (permission: Permission) => authorizer.reach(person, permission);
  return Object.freeze({
    person,
    rights: () => authorizer.rights(person),
    reach,
    decide: (permission: Permission, resource: Resource) => authorizer.decide(person, permission, resource),
    async find(thing: OwnedThing, permission: Permission, ids: readonly Id[]) {
      const found = await findOwned(db, thing, ids);
      const kind = PERMISSIONS[permission];
      const partIdsOf = await partsOf(thing, found);
      return found.map((one) => ({ kind, ...one, partIds: partIdsOf(one) }));
    },
    owned(permission: Permission, owner: string, part?: string) {
      const allowed = reach(permission);
      const own = ownedBy(allowed, owner);
      if (allowed.parts === null || part === undefined) return own;
      return sql<boolean>`(${own} and ${sql.ref(part)} = any(${allowed.parts}::uuid[]))`;
    },
    async vms(permission: Permission, id: string, owner: string) {
      const allowed = reach(permission);
      const own = ownedBy(allowed, owner);
      if (allowed.parts === null) return own;
      // Written out: thousands of ids, twice in each page, cost the driver more than the database.
      const ids = `{${[...(await within())].join()}}`;
      return sql<boolean>`(${own} and ${sql.ref(id)} = any(${ids}::uuid[]))`;
    },
  });
}

function ownedBy({ tenants, provider }: Reach, owner: string): RawBuilder<boolean> {
  const column = sql.ref(owner);
  if (tenants === 'all') return provider ? sql`true` : sql`${column} is not null`;
  const own = sql<boolean>`${column} = any(${tenants}::uuid[])`;
  return provider ? sql`(${column} is null or ${own})` : own;
}
