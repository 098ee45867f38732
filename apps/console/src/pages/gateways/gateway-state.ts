import type { Gateway, GatewayPhase } from '@hypervigil/model';

/** What is known of a gateway now: nothing while its host is away, however well it was. */
export type GatewayState = GatewayPhase | 'unknown';
export const stateOf = ({ hostOnline, report }: Gateway): GatewayState =>
  hostOnline ? (report?.phase ?? 'waiting') : 'unknown';

/** When it started, by what it said last; null while it has said nothing. */
export function startedAt({ report, lastSeenAt }: Gateway): string | null {
  if (lastSeenAt === null || report === null || report.uptimeS === null) return null;
  return new Date(Date.parse(lastSeenAt) - report.uptimeS * 1000).toISOString();
}

export const ofGroup = (gateways: readonly Gateway[], groupId: string): readonly Gateway[] =>
  gateways
    .filter((gateway) => gateway.groupId === groupId)
    .sort((a, b) => a.hostName.localeCompare(b.hostName) || a.num - b.num);
