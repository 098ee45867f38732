import type { Action } from '@hypervigil/model';

/**
 * What becomes of a packet that a rule matches: it is through, it is not, or the next tier decides. `reject` is a deny of which
 * the sender is told.
 */
export const EFFECT = {
  allow: 'allow',
  deny: 'deny',
  reject: 'deny',
  pass: 'pass',
  inspect: 'allow',
} as const satisfies Record<Action, 'allow' | 'deny' | 'pass'>;
