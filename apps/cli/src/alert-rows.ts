import { alertText, type Language } from '@hypervigil/contract';
import type { Alert } from '@hypervigil/model';

/** Alerts as people read them: what it is and what was seen, in words. */
export function alertRows({ items }: { readonly items: readonly Alert[] }, language: Language): object[] {
  return items.map((alert) => {
    const { title, seen } = alertText(language, alert);
    const { lastAt, severity, state, resolution, vmName, count, assignee, id } = alert;
    return {
      ...{ lastAt, severity, what: title, vm: vmName, seen, count, assignee, id },
      state: resolution === null ? state : `${state} (${resolution})`,
    };
  });
}
