import { type DraftChanges, type DraftPolicy, type RuleInput, withDraftChanges } from '@hypervigil/contract';
import type { RulePatch } from '@hypervigil/model';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { platform } from './client.ts';
import type { PolicyPlace, RulePlace } from './policy-tree.ts';

type Policies = readonly DraftPolicy[];
const KEY = ['policies'] as const;
/** One after the other: the second edit is made on what the first has become. */
const scope = { id: 'draft' };

export type RuleEdit = Partial<RulePatch<RuleInput>>;

interface Edit {
  /** As it was when somebody began to edit it: the platform merges what others made of it since. */
  readonly policy: Pick<DraftPolicy, 'id' | 'revision'>;
  readonly edit: RuleEdit;
}

export interface DraftEdits {
  /** Some rules of a policy in place of what they are when the turn of the edit comes. */
  readonly change: (policyId: string, edit: (policy: DraftPolicy) => RuleEdit) => Promise<unknown>;
  /** The same of a policy as somebody has it before them. */
  readonly save: (edit: Edit) => Promise<unknown>;
  /** Drawn at once: a row that was put down must not jump back until the platform has answered. */
  readonly move: (ruleId: string, place: RulePlace) => Promise<unknown>;
  /** Likewise a policy. */
  readonly movePolicy: (id: string, place: PolicyPlace) => Promise<unknown>;
}

const send = ({ policy: { id, revision }, edit: { changed = [], removed = [], placed = [] } }: Edit) =>
  platform.editRules({
    params: { id },
    body: { revision, changed: [...changed], removed: [...removed], placed: [...placed] },
  });

/** Edits of the draft's rules. What the platform answers, which is what changed, is what is shown from then on. */
export function useDraftEdits(): DraftEdits {
  const client = useQueryClient();
  const shown = (): Policies => client.getQueryData<Policies>(KEY) ?? [];
  const readAgain = () => void client.invalidateQueries({ queryKey: KEY });
  const show = (changes: DraftChanges) => {
    const next = withDraftChanges(shown(), changes);
    if (next === undefined) readAgain();
    else client.setQueryData<Policies>(KEY, next);
  };
  const { mutateAsync: change } = useMutation({
    scope,
    mutationFn: async ({ id, edit }: { readonly id: string; readonly edit: (policy: DraftPolicy) => RuleEdit }) => {
      const policy = shown().find((one) => one.id === id);
      if (policy === undefined) throw new Error(`policy ${id} is gone`);
      return send({ policy, edit: edit(policy) });
    },
    onSuccess: show,
    onError: readAgain,
  });
  const { mutateAsync: save } = useMutation({ scope, mutationFn: send, onSuccess: show });
  const { mutateAsync: move } = useMutation({
    scope,
    mutationFn: ({ id, place: { policy, before } }: { readonly id: string; readonly place: RulePlace }) =>
      platform.moveRule({ params: { id }, body: { policyId: policy.id, ...(before !== undefined && { before }) } }),
    onMutate: ({ id, place }) => void client.setQueryData<Policies>(KEY, (all) => all && withRuleAt(all, id, place)),
    onSuccess: show,
    onError: readAgain,
  });
  const { mutateAsync: movePolicy } = useMutation({
    scope,
    mutationFn: ({ id, place: { before } }: { readonly id: string; readonly place: PolicyPlace }) =>
      platform.movePolicy({ params: { id }, body: { ...(before !== undefined && { before }) } }),
    onMutate: ({ id, place }) => void client.setQueryData<Policies>(KEY, (all) => all && withPolicyAt(all, id, place)),
    onSuccess: show,
    onError: readAgain,
  });
  return useMemo(
    () => ({
      change: (id, edit) => change({ id, edit }),
      save,
      move: (id, place) => move({ id, place }),
      movePolicy: (id, place) => movePolicy({ id, place }),
    }),
    [change, save, move, movePolicy],
  );
}

function withPolicyAt(policies: Policies, id: string, { tier, before }: PolicyPlace): Policies {
  const policy = policies.find((one) => one.id === id);
  if (policy === undefined) return policies;
  const others = policies.filter((one) => one !== policy);
  const place = before === undefined ? others.findLastIndex((one) => one.tier === tier) + 1 : indexOf(others, before);
  return others.toSpliced(place, 0, policy);
}

const indexOf = (all: readonly { readonly id: string }[], id: string) => all.findIndex((one) => one.id === id);

function withRuleAt(policies: Policies, id: string, { policy, before }: RulePlace): Policies {
  const rule = policies.flatMap(({ rules }) => rules).find((one) => one.id === id);
  if (rule === undefined) return policies;
  return policies.map((one) => {
    const others = one.rules.filter((other) => other !== rule);
    if (one.id !== policy.id) return others.length === one.rules.length ? one : { ...one, rules: others };
    const place = before === undefined ? others.length : indexOf(others, before);
    return { ...one, rules: others.toSpliced(place, 0, rule) };
  });
}
