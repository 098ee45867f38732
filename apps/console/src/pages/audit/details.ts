import { type AuditEntry, alertTitle, denialText, languageOf } from '@hypervigil/contract';
import {
  AlertCode,
  AlertResolution,
  AUDIT_DETAILS,
  Denial,
  Duty,
  GATEWAY_STATES,
  Permission,
  Severity,
  Tier,
} from '@hypervigil/model';
import type { TFunction } from 'i18next';
import { nameOf, type Things } from './things.ts';

/** What an entry says beside action and subject, in words; ids by the names of what they are of. */
export const detailsText = (t: TFunction, language: string, { params }: AuditEntry, things: Things): string =>
  Object.entries(params)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) =>
      t('audit.detail', { name: keyText(t, key), value: valueText(t, language, key, value, things) }),
    )
    .join(' · ');

function keyText(t: TFunction, key: string): string {
  const known = AUDIT_DETAILS.find((one) => one === key);
  return known === undefined ? key : t(`audit.details.${known}`);
}

function valueText(t: TFunction, language: string, key: string, value: unknown, things: Things): string {
  if (Array.isArray(value) && value.every(isPlain))
    return value.map((one) => valueText(t, language, key, one, things)).join(', ');
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (typeof value !== 'string') return JSON.stringify(value);
  const worded = WORDED[key]?.(t, language, value);
  return worded ?? nameOf(things, value) ?? value;
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Values that are one of a few, by the key that they stand under. */
const WORDED: Readonly<Record<string, (t: TFunction, language: string, value: string) => string | undefined>> = {
  alert(_, language, value) {
    const { data } = AlertCode.safeParse(value);
    return data && alertTitle(languageOf(language), data);
  },
  resolution(t, _, value) {
    const { data } = AlertResolution.safeParse(value);
    return data && t(`alerts.resolutions.${data}`);
  },
  severity(t, _, value) {
    const { data } = Severity.safeParse(value);
    return data && t(`overview.severity.${data}`);
  },
  permission(t, _, value) {
    const { data } = Permission.safeParse(value);
    return data && t(`audit.permissions.${data}`);
  },
  denial(_, language, value) {
    const { data } = Denial.safeParse(value);
    return data && denialText(languageOf(language), data);
  },
  duty(t, _, value) {
    const { data } = Duty.safeParse(value);
    return data && t(`people.duties.${data}`);
  },
  phase(t, _, value) {
    const phase = GATEWAY_STATES.find((one) => one === value);
    return phase && t(`gateways.states.${phase}`);
  },
  tier(t, _, value) {
    const { data } = Tier.safeParse(value);
    return data && t(`policy.tier.${data}`);
  },
};
