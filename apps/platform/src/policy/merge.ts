import { type RuleInput, ruleInput } from '@hypervigil/contract';
import type { FieldMistake } from '@hypervigil/model';
import { type Conflict, type Edited, mergePolicy } from '@hypervigil/policy';
import { ApiFailure } from '../errors.ts';
import type { Tx } from '../state/database.ts';
import type { PolicyInput } from './draft.ts';
import { staleRevision } from './groups.ts';
import { type Version, versionOf } from './versions.ts';

/**
 * An edit that was made on an older version, on top of what others made of the policy meanwhile.
 * @throws ApiFailure `edit-conflict` with the rules and fields that both changed, `stale-revision` when the version is
 *   not kept any more
 */
export async function rebased(
  tx: Tx,
  id: string,
  input: PolicyInput & { revision: number },
  current: Version & { revision: number },
): Promise<PolicyInput> {
  const base = await versionOf(tx, id, input.revision);
  if (base === undefined) throw staleRevision(current.revision);
  const owners = new Map([...base.rules, ...current.rules].map(({ id: rule, owner }) => [rule, owner]));
  // Who does not say who answers for a rule leaves that as it is.
  const mine = input.rules.map((rule) => ({ ...rule, owner: rule.owner || (owners.get(rule.id ?? '') ?? '') }));
  const merged = mergePolicy(edited(base), { ...input, rules: mine }, edited(current));
  if ('policy' in merged) return { ...merged.policy, rules: merged.policy.rules as RuleInput[] };
  throw new ApiFailure(
    'edit-conflict',
    { count: merged.conflicts.length },
    { mistakes: merged.conflicts.map(mistakeOf) },
  );
}

const edited = ({ rules, ...policy }: Version): Edited => ({ ...policy, rules: rules.map(ruleInput) });

function mistakeOf({ place, rule, field }: Conflict): FieldMistake {
  const path =
    rule === null ? field : place === null ? 'rules' : `rules.${place}${field === 'rule' ? '' : `.${field}`}`;
  if (rule === null) return { field: path, code: 'changed-meanwhile', params: {} };
  if (field === 'rule') return { field: path, code: 'removed-and-changed', params: { rule } };
  return { field: path, code: 'rule-changed-meanwhile', params: { rule, field } };
}
