import { z } from 'zod';
import { type Alert, AlertCode, SEVERITIES, Severity } from './alert.ts';
import { otherwise } from './format.ts';
import { Id } from './ids.ts';
import { parseSelector, selectorOf, selects } from './selector.ts';

/** Which alerts somebody means. Empty lists are all. */
export const AlertMatch = z.object({
  codes: z.array(AlertCode).max(100).default([]),
  leastSeverity: Severity.default('medium'),
  /** For the provider's people: whose alerts. */
  tenantIds: z.array(Id).max(1000).default([]),
  /** Of the tags of the VM; empty text is any. */
  selector: z
    .string()
    .max(2000)
    .superRefine((text, context) => {
      const parsed = parseSelector(text);
      if ('mistake' in parsed) context.addIssue({ code: 'custom', ...otherwise(parsed.mistake) });
    })
    .default(''),
});
export type AlertMatch = z.infer<typeof AlertMatch>;

/** Whether one severity is at least another. */
export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);

/** What is looked at of an alert. */
export interface MatchedAlert extends Pick<Alert, 'code' | 'severity' | 'tenantId'> {
  /** Of the VM as it is now; none of one that is gone. */
  readonly tags: Readonly<Record<string, string>>;
}

export function matchesAlert(match: AlertMatch, alert: MatchedAlert): boolean {
  const { codes, leastSeverity, tenantIds } = match;
  if (!isAtLeast(alert.severity, leastSeverity)) return false;
  if (codes.length > 0 && !codes.includes(alert.code)) return false;
  if (tenantIds.length > 0 && (alert.tenantId === null || !tenantIds.includes(alert.tenantId))) return false;
  const selector = selectorOf(match.selector);
  return selector === null || selects(selector, alert.tags);
}
