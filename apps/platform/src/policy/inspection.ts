import type { RuleInput } from '@hypervigil/contract';
import type { FieldMistake, Rule } from '@hypervigil/model';
import { ApiFailure } from '../errors.ts';
import type { Tx } from '../state/database.ts';

/** Finds the numbers of the gateway groups that rules name, among those that are the tenant's or everybody's. */
export async function inspectionOf(
  tx: Tx,
  tenantId: string | null,
  inputs: readonly RuleInput[],
): Promise<(rule: RuleInput) => Pick<Rule, 'inspect'>> {
  const named = inputs.flatMap(({ inspect }) => inspect?.groupId ?? []);
  const rows =
    named.length === 0
      ? []
      : await tx.selectFrom('gateway_groups').select(['id', 'num', 'tenant_id']).where('id', 'in', named).execute();
  const groups = new Map(rows.map((row) => [row.id, row]));
  const mistakes = inputs.flatMap(({ inspect }, i): FieldMistake[] => {
    if (!inspect) return [];
    const field = `rules.${i}.inspect.groupId`;
    const group = groups.get(inspect.groupId);
    if (!group) return [{ field, code: 'unknown-id', params: { what: 'gateway-group' } }];
    const isForeign = group.tenant_id !== null && group.tenant_id !== tenantId;
    return isForeign ? [{ field, code: 'foreign-group', params: {} }] : [];
  });
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
  return ({ inspect }) => (inspect ? { inspect: { ...inspect, groupNum: groups.get(inspect.groupId)!.num } } : {});
}
