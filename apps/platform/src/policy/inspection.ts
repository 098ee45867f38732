import type { RuleInput } from '@hypervigil/contract';
import { type FieldMistake, type Inspect, type InspectLink, linksOf, type Rule } from '@hypervigil/model';
import { ApiFailure } from '../errors.ts';
import type { Tx } from '../state/database.ts';

type Link = Omit<InspectLink, 'groupNum'>;

/** Finds the numbers of the gateway groups that rules name, among those that are the tenant's or everybody's. */
export async function inspectionOf(
  tx: Tx,
  tenantId: string | null,
  inputs: readonly RuleInput[],
): Promise<(rule: RuleInput) => Pick<Rule, 'inspect'>> {
  const chains = inputs.map(({ inspect }) => (inspect ? linksOf<Link>(inspect) : []));
  const named = chains.flat().map(({ groupId }) => groupId);
  const rows =
    named.length === 0
      ? []
      : await tx.selectFrom('gateway_groups').select(['id', 'num', 'tenant_id']).where('id', 'in', named).execute();
  const groups = new Map(rows.map((row) => [row.id, row]));
  const mistakes = chains.flatMap((links, i) =>
    links.flatMap(({ groupId }, n): FieldMistake[] => {
      const field = `rules.${i}.inspect.${n === 0 ? '' : `next.${n - 1}.`}groupId`;
      const group = groups.get(groupId);
      if (!group) return [{ field, code: 'unknown-id', params: { what: 'gateway-group' } }];
      const isForeign = group.tenant_id !== null && group.tenant_id !== tenantId;
      return isForeign ? [{ field, code: 'foreign-group', params: {} }] : [];
    }),
  );
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
  const numbered = (link: Link): InspectLink => ({ ...link, groupNum: groups.get(link.groupId)!.num });
  return ({ inspect }) => {
    if (!inspect) return {};
    const { next, ...first } = inspect;
    const chain: Inspect = { ...numbered(first), ...(next && { next: next.map(numbered) }) };
    return { inspect: chain };
  };
}
