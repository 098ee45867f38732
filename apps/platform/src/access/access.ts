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
  const parts = [...person.scope.groupIds, ...person.scope.networkIds];
  let within: Promise<ReadonlySet<Id>> | undefined;
  const scoped = () => (within ??= vmsWithin(db, person.scope));

  async function partsOf(thing: OwnedThing, { part }: Found): Promise<readonly Id[]> {
    if (part === null || isWhole(person.scope)) return [];
    if (thing === 'group' || thing === 'network') return [part];
    return (await scoped()).has(part) ? parts : [];
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
      return Promise.all(found.map(async (one) => ({ kind, ...one, partIds: await partsOf(thing, one) })));
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
      return sql<boolean>`(${own} and ${sql.ref(id)} = any(${[...(await scoped())]}::uuid[]))`;
    },
  });
}

function ownedBy({ tenants, provider }: Reach, owner: string): RawBuilder<boolean> {
  const column = sql.ref(owner);
  if (tenants === 'all') return provider ? sql`true` : sql`${column} is not null`;
  const own = sql<boolean>`${column} = any(${tenants}::uuid[])`;
  return provider ? sql`(${column} is null or ${own})` : own;
}
