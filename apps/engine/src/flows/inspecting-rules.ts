import type { HostIntent } from '@hypervigil/model';

/** Whether a rule, by its number, wants what it allows to be inspected. Rebuilt only when the rules are others. */
export function createInspectingRules(intent: () => HostIntent): (rule: number) => boolean {
  let indexed: HostIntent['rules'] | undefined;
  let inspecting: ReadonlySet<number> = new Set();
  return (rule) => {
    const { rules } = intent();
    if (rules !== indexed) {
      indexed = rules;
      inspecting = new Set(rules.filter(({ inspect }) => inspect !== undefined).map(({ num }) => num));
    }
    return inspecting.has(rule);
  };
}
