import type { TopFlows } from '@hypervigil/contract';
import type { FlowStore, FlowTopOrder } from '@hypervigil/flowstore';
import type { Origins } from '@hypervigil/mmdb';
import { FLOW_FIELDS, type FlowGroupField, type NamedThing, TENANT_FLOW_FIELDS } from '@hypervigil/model';
import type { Access } from '../access/access.ts';
import { badField } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { asking } from './asking.ts';
import { namesKnownTo } from './names-known.ts';
import type { FlowQuestion } from './question.ts';

interface Grouping {
  readonly groupBy: FlowGroupField;
  readonly thenBy?: FlowGroupField | undefined;
  readonly order: FlowTopOrder;
  readonly limit: number;
}

interface TopDeps {
  readonly flows: FlowStore;
  readonly db: Database;
  readonly access: Access;
  readonly origins: Pick<Origins, 'organisationOf'>;
}

/** @throws ApiFailure `invalid-request` for a field that is not the reader's to ask for, or stands there twice */
export async function topFlows(
  { flows: store, db, access, origins }: TopDeps,
  { filter, reader }: FlowQuestion,
  { groupBy, thenBy, order, limit }: Grouping,
): Promise<TopFlows> {
  if (thenBy === groupBy) throw badField('thenBy', { code: 'twice', params: {} });
  const by = thenBy === undefined ? [groupBy] : [groupBy, thenBy];
  for (const [n, field] of by.entries())
    if (reader !== null && !TENANT_FLOW_FIELDS.includes(field))
      throw badField(n === 0 ? 'groupBy' : 'thenBy', { code: 'invalid', params: {} });
  const { groups, total } = await asking(() => store.top(filter, by, order, limit));
  const things = by.map(thingOf);
  const known = await namesKnownTo(db, access, new Set(things.filter((thing) => thing !== null)));
  const names = things.map((thing) => new Map(known.get(thing!)?.map(({ name, value }) => [value, name])));
  const nameOf = (value: string | number | null, n: number): string | null => {
    if (value === null) return null;
    const isSystem = FLOW_FIELDS[by[n]!].kind === 'asn';
    return (isSystem ? origins.organisationOf(Number(value)) : names[n]!.get(value)) ?? null;
  };
  const items = groups.map((group) => ({ ...group, values: [...group.values], names: group.values.map(nameOf) }));
  return { items, total };
}

function thingOf(field: FlowGroupField): NamedThing | null {
  const kind = FLOW_FIELDS[field];
  return kind.kind === 'named' ? kind.thing : null;
}
