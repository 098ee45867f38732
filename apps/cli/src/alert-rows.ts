import { alertText, alertTitle, type DetectorPreview, type Language } from '@hypervigil/contract';
import type { Alert, AlertException, AlertResponse, DetectorRecord, VmBehaviour } from '@hypervigil/model';

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

/** What is expected of which VM, and towards whom. */
export function exceptionRows({ items }: { readonly items: readonly AlertException[] }, language: Language): object[] {
  return items.map(({ code, vmName, extent, peers, ...rest }) => ({
    ...rest,
    what: alertTitle(language, code),
    vm: vmName,
    for: extent === 'any' ? '*' : peers.join(' '),
  }));
}

/** What would have been told, as usual and as set. */
export const previewRows = ({ items }: Pick<DetectorPreview, 'items'>, language: Language): object[] =>
  items.map(({ code, vmName, ...rest }) => ({ ...rest, what: alertTitle(language, code), vm: vmName }));

/** Detectors by what their alerts are called. */
export const detectorRows = ({ items }: { readonly items: readonly DetectorRecord[] }, language: Language): object[] =>
  items.map((one) => ({ ...one, what: alertTitle(language, one.code) }));

/** What was done, to which VM, or to which address by which set. */
export const responseRows = ({ items }: { readonly items: readonly AlertResponse[] }): object[] =>
  items.map(({ vmName, ip, setName, ...rest }) => ({
    ...rest,
    vm: vmName,
    peer: ip === null ? '' : `${ip} (${setName})`,
  }));

/** Detectors that know the VM, with what the hour that goes on has and would be told of: bytes, and machines of those who count machines. */
export const behaviourRows = ({ learning, measures }: VmBehaviour, language: Language): object[] =>
  learning.map(({ code, until, share }) => {
    const now = measures.find((one) => one.code === code)?.now;
    return {
      ...{ what: alertTitle(language, code), learnt: `${Math.floor(share * 100)} %`, judgesFrom: until },
      ...{ hour: now?.at, seen: now?.seen, usual: now?.usual, alertsFrom: now?.alertsFrom },
    };
  });
