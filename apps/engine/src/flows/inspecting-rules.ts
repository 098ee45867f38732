import { type HostIntent, type IntentLink, linksOf } from '@hypervigil/model';

/** The groups of gateways, one after the other, through which a rule, by its number, sends what it allows. Rebuilt only when the rules are others. */
export function createInspectingRules(intent: () => HostIntent): (rule: number) => number {
  let indexed: HostIntent['rules'] | undefined;
  let inspecting: ReadonlyMap<number, number> = new Map();
  return (rule) => {
    const { rules } = intent();
    if (rules !== indexed) {
      indexed = rules;
      inspecting = new Map(
        rules.flatMap(({ num, inspect }) => (inspect ? [[num, linksOf<IntentLink>(inspect).length]] : [])),
      );
    }
    return inspecting.get(rule) ?? 0;
  };
}
