import type { HostIntent } from '@hypervigil/model';

/** Whether a rule, by its number, wants what it allows to be inspected. Rebuilt only when the intent is another. */
export function createInspectingRules(intent: () => HostIntent): (rule: number) => boolean {
  let indexed: HostIntent | undefined;
  let inspecting: ReadonlySet<number> = new Set();
  return (rule) => {
    const now = intent();
    if (now !== indexed) {
      indexed = now;
      inspecting = new Set(now.rules.filter(({ inspect }) => inspect !== undefined).map(({ num }) => num));
    }
    return inspecting.has(rule);
  };
}
