import { alertTitle, deliveryText, type Language } from '@hypervigil/contract';
import type { NotificationDelivery, NotificationTest } from '@hypervigil/model';

/** Messages as people read them: what they tell, and why they did not arrive. */
export function deliveryRows(
  { items }: { readonly items: readonly NotificationDelivery[] },
  language: Language,
): object[] {
  return items.map(({ id, createdAt, state, event, code, count, vmName, routeName, attempts, problem, answer }) => ({
    ...{ id, createdAt, state, event, vm: vmName, route: routeName, attempts },
    what: code === null ? `${count} ×` : alertTitle(language, code),
    outcome: problem === null ? answer : deliveryText(language, problem),
  }));
}

/** What came of a test. */
export const testRows = ({ ok, milliseconds, problem, answer }: NotificationTest, language: Language): object[] => [
  { arrived: ok, milliseconds, why: problem === null ? null : deliveryText(language, problem), answer },
];
