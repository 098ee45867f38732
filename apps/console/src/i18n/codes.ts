import type { HealthItem, Problem } from '@hypervigil/model';
import type { TFunction } from 'i18next';
import type { en } from './en.ts';

/**
 * Codes that the platform or an engine may send and that this console has words for. A newer one may send others:
 * those are shown as they came rather than not at all.
 */
const PROBLEM_CODES = [
  'invalid_type',
  'invalid_format',
  'invalid_value',
  'invalid_union',
  'too_small',
  'too_big',
  'custom',
  'unknown',
  'unknown-id',
  'twice',
  'taken',
  'unchanged',
] as const satisfies readonly (keyof typeof en.problem)[];
const FINDING_CODES = [
  'ok',
  'unknown',
  'away',
  'low',
  'skewed',
  'failing',
  'nearly-full',
  'lost',
  'offload-breaks-tcp',
] as const satisfies readonly (keyof typeof en.hosts.findings)[];

export function problemText(t: TFunction, { code, message }: Problem): string {
  const known = PROBLEM_CODES.find((one) => one === code);
  return known === undefined ? message : t(`problem.${known}`, { message });
}

export function findingText(t: TFunction, { code, params }: Pick<HealthItem, 'code' | 'params'>): string {
  const known = FINDING_CODES.find((one) => one === code);
  return known === undefined ? [code, ...Object.values(params)].join(' · ') : t(`hosts.findings.${known}`, params);
}
