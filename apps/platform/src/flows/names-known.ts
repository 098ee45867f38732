import { FLOW_FIELDS, type FlowExpression, type Id, type NamedThing, type NamedValue } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Access } from '../access/access.ts';
import { isProviders } from '../access/cut.ts';
import { listGateways } from '../gateways/gateways.ts';
import { vnicsInGroups } from '../policy/members.ts';
import { policiesSeenBy } from '../policy/seen.ts';
import type { Database } from '../state/database.ts';

/** Names of everything of these kinds that the reader may know of: nobody learns by asking for the name of another's VM. */
export async function namesKnownTo(
  db: Database,
  access: Access,
  things: ReadonlySet<NamedThing>,
): Promise<ReadonlyMap<NamedThing, readonly NamedValue[]>> {
  const found = await Promise.all([...things].map(async (thing) => [thing, await namesOf(db, access, thing)] as const));
  return new Map(found);
}

/** Kinds of things that a filter gives names of. */
export function thingsNamedIn(expression: FlowExpression): NamedThing[] {
  if (expression.op === 'not') return thingsNamedIn(expression.of);
  if (expression.op !== 'test') return expression.of.flatMap(thingsNamedIn);
  const field = FLOW_FIELDS[expression.field];
  if (field.kind !== 'named') return [];
  // That an end is in no group is said of those that there are.
  const isNamed = expression.is.kind === 'named' || (expression.is.kind === 'none' && field.thing === 'group');
  return isNamed ? [field.thing] : [];
}

async function namesOf(db: Database, access: Access, thing: NamedThing): Promise<readonly NamedValue[]> {
  switch (thing) {
    case 'vm':
      return rows(db, 'vms', await access.vms('vm:read', 'vms.id', 'vms.tenant_id'));
    case 'tenant':
      return rows(db, 'tenants', access.owned('tenant:read', 'tenants.id'));
    case 'group':
      return groupsKnownTo(db, access);
    case 'network':
      return rows(db, 'networks', access.owned('network:read', 'networks.tenant_id', 'networks.id'));
    case 'host':
      // Exporters see flows as hosts do.
      return isProviders(access)
        ? [...(await rows(db, 'hosts', sql<boolean>`true`)), ...(await rows(db, 'exporters', sql<boolean>`true`))]
        : [];
    case 'gateway':
      return isProviders(access)
        ? (await listGateways(db)).items.map(({ id, groupName, hostName }) => ({
            name: `${groupName} @ ${hostName}`,
            value: id,
          }))
        : [];
    case 'policy':
      return (await policiesSeenBy(db, access)).map(({ id, name }) => ({ name, value: id }));
    case 'rule':
      return (await policiesSeenBy(db, access)).flatMap(({ rules }) =>
        rules.map(({ num, name }) => ({ name, value: num })),
      );
  }
}

/** With the vNICs that are in them now: who may not know of a group does not learn who is in it. */
async function groupsKnownTo(db: Database, access: Access): Promise<readonly NamedValue[]> {
  const known = await rows(db, 'groups', access.owned('group:read', 'groups.tenant_id', 'groups.id'));
  const members = await vnicsInGroups(db);
  return known.map((group) => ({ ...group, members: members.get(String(group.value)) ?? [] }));
}

async function rows(db: Database, table: string, which: RawBuilder<boolean>): Promise<NamedValue[]> {
  const found = await sql<{ id: Id; name: string }>`select id, name from ${sql.table(table)} where ${which}`.execute(
    db,
  );
  return found.rows.map(({ id, name }) => ({ name, value: id }));
}
