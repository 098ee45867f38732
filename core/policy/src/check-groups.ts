import type { FieldMistake, Group, Id } from '@hypervigil/model';
import { checkNesting } from './nesting.ts';

type CheckedGroup = Pick<Group, 'name' | 'tenantId' | 'tenantIds' | 'groupIds'>;

/** Says what a schema cannot see to be wrong with a group among all groups; by the group's fields. */
export function checkGroups(groups: ReadonlyMap<Id, CheckedGroup>): (id: Id) => FieldMistake[] {
  const nesting = checkNesting(groups);
  return (id) => {
    const { tenantId = null, tenantIds = [], groupIds = [] } = groups.get(id) ?? {};
    const mistakes: FieldMistake[] = [];
    const report = (field: string, code: 'foreign-tenant' | 'foreign-group') =>
      mistakes.push({ field, code, params: {} });
    for (const [i, one] of tenantIds.entries())
      if (tenantId !== null && one !== tenantId) report(`tenantIds.${i}`, 'foreign-tenant');
    for (const [i, inner] of groupIds.entries()) {
      const owner = groups.get(inner)?.tenantId ?? null;
      if (tenantId !== null && owner !== null && owner !== tenantId) report(`groupIds.${i}`, 'foreign-group');
    }
    const nested = groupIds.length > 0 ? nesting(id) : undefined;
    return nested ? [...mistakes, { field: 'groupIds', ...nested }] : mistakes;
  };
}
