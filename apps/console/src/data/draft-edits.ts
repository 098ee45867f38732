import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { platform } from './client.ts';
import { policyBody } from './policy-edit.ts';
import type { RulePlace } from './policy-tree.ts';

type Policies = readonly DraftPolicy[];
const KEY = ['policies'] as const;
/** One after the other: the second edit is made on what the first has become. */
const scope = { id: 'draft' };

export interface DraftEdits {
  /** The rules of a policy in place of what they are when its turn comes. */
  readonly change: (policyId: string, rules: (policy: DraftPolicy) => RuleInput[]) => Promise<unknown>;
  /** Drawn at once: a row that was put down must not jump back until the platform has answered. */
  readonly move: (ruleId: string, place: RulePlace) => Promise<unknown>;
}

/** Edits of the draft's rules. What the platform answers is what is shown from then on. */
export function useDraftEdits(): DraftEdits {
  const client = useQueryClient();
  const shown = (): Policies => client.getQueryData<Policies>(KEY) ?? [];
  const show = (changed: Policies) => {
    const byId = new Map(changed.map((policy) => [policy.id, policy]));
    client.setQueryData<Policies>(KEY, (all) => all?.map((one) => byId.get(one.id) ?? one));
    void client.invalidateQueries({ queryKey: ['policy'], exact: true });
  };
  const readAgain = () => void client.invalidateQueries({ queryKey: KEY });
  const { mutateAsync: change } = useMutation({
    scope,
    mutationFn: async (edit: { readonly id: string; readonly rules: (policy: DraftPolicy) => RuleInput[] }) => {
      const policy = shown().find(({ id }) => id === edit.id);
      if (policy === undefined) throw new Error(`policy ${edit.id} is gone`);
      return platform.updatePolicy({ params: { id: edit.id }, body: policyBody(policy, edit.rules(policy)) });
    },
    onSuccess: (policy) => show([policy]),
    onError: readAgain,
  });
  const { mutateAsync: move } = useMutation({
    scope,
    mutationFn: ({ id, place: { policy, before } }: { readonly id: string; readonly place: RulePlace }) =>
      platform.moveRule({ params: { id }, body: { policyId: policy.id, ...(before !== undefined && { before }) } }),
    onMutate: ({ id, place }) => void client.setQueryData<Policies>(KEY, (all) => all && withRuleAt(all, id, place)),
    onSuccess: ({ items }) => show(items),
    onError: readAgain,
  });
  return useMemo(
    () => ({
      change: (id, rules) => change({ id, rules }),
      move: (id, place) => move({ id, place }),
    }),
    [change, move],
  );
}

function withRuleAt(policies: Policies, id: string, { policy, before }: RulePlace): Policies {
  const rule = policies.flatMap(({ rules }) => rules).find((one) => one.id === id);
  if (rule === undefined) return policies;
  return policies.map((one) => {
    const others = one.rules.filter((other) => other !== rule);
    if (one.id !== policy.id) return others.length === one.rules.length ? one : { ...one, rules: others };
    const place = before === undefined ? others.length : others.findIndex((other) => other.id === before);
    return { ...one, rules: others.toSpliced(place, 0, rule) };
  });
}
