/** The counter of what a rule, a person's or a synthetic one, has decided. */
export const counterName = (rule: number): string => `rule_${rule}`;

/** The rule of such a counter, or undefined for any other name. */
export function ruleOfCounter(name: string): number | undefined {
  const found = /^rule_(\d{1,10})$/.exec(name);
  return found ? Number(found[1]) : undefined;
}
