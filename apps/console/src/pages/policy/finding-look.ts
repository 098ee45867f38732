import type { PolicyFinding } from '@hypervigil/contract';
import {
  AlertIcon,
  AuditIcon,
  ClockIcon,
  DenyIcon,
  OffIcon,
  PendingIcon,
  UnprotectedIcon,
  WarningIcon,
} from '../../ui/icons.tsx';

type Code = PolicyFinding['code'];

/** In the order in which they deserve attention. */
export const FINDING_LOOK = {
  contradictory: { tone: 'red', icon: AlertIcon },
  shadowed: { tone: 'orange', icon: WarningIcon },
  'over-permissive': { tone: 'orange', icon: UnprotectedIcon },
  expired: { tone: 'orange', icon: ClockIcon },
  irrelevant: { tone: 'grey', icon: DenyIcon },
  redundant: { tone: 'grey', icon: OffIcon },
  unused: { tone: 'grey', icon: PendingIcon },
  'missing-log': { tone: 'blue', icon: AuditIcon },
} as const satisfies Record<Code, object>;
export const FINDING_CODES = Object.keys(FINDING_LOOK) as readonly Code[];

export const worstOf = (findings: readonly PolicyFinding[]): Code | undefined =>
  FINDING_CODES.find((code) => findings.some((finding) => finding.code === code));
