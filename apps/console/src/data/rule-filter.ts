import type { PolicyFinding } from '@hypervigil/contract';
import { type Rule, writeService } from '@hypervigil/model';
import type { UrlState } from '../ui/use-url.ts';
import { ruleMode } from './policy-edit.ts';
import type { RuleRow } from './policy-tree.ts';

interface Known {
  readonly namesOf: (rule: Rule) => readonly string[];
  readonly findings: ReadonlyMap<string, readonly PolicyFinding[]>;
}

const isChanged = ({ policy, rule }: RuleRow) =>
  policy.change === 'added' || policy.change === 'removed' || rule.id in policy.ruleChanges;

/** Which rules the address bar asks for; undefined when it asks for all of them. */
export function ruleFilter(url: UrlState, { namesOf, findings }: Known): ((row: RuleRow) => boolean) | undefined {
  const { q, action, mode, only } = url;
  const tests: ((row: RuleRow) => boolean)[] = [];
  if (action) tests.push(({ rule }) => rule.action === action);
  if (mode) tests.push(({ rule }) => ruleMode(rule) === mode);
  if (only === 'changed') tests.push(isChanged);
  if (only === 'findings') tests.push(({ rule }) => findings.has(rule.id));
  if (q) {
    const wanted = q.toLowerCase();
    tests.push(({ rule, policy }) =>
      [
        rule.name,
        rule.comment,
        rule.owner,
        policy.name,
        String(rule.num),
        ...namesOf(rule),
        ...rule.services.map(writeService),
      ].some((text) => text.toLowerCase().includes(wanted)),
    );
  }
  return tests.length === 0 ? undefined : (row) => tests.every((test) => test(row));
}
