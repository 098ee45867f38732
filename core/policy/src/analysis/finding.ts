import type { Id } from '@hypervigil/model';
import type { Packet } from '../packet.ts';

type FindingCode =
  | 'shadowed'
  | 'redundant'
  | 'contradictory'
  | 'irrelevant'
  | 'over-permissive'
  | 'missing-log'
  | 'expired';

/**
 * Something that is wrong with a rule, in codes that the reader's language has words for:
 *
 * - `shadowed`: earlier rules (`others`) decide every packet that it matches. `reason`: `same` when they all say what
 *   it says, `opposite` when one says otherwise: then somebody is wrong.
 * - `redundant`: without it, later rules (`others`) or the defaults would say the same of every packet that it decides,
 *   and log what it logs. `reason`: `rules`, or `defaults` when these have a part in it.
 * - `contradictory`: it and later rules of its tier (`others`) match the same packets and say the opposite, and each
 *   matches more besides: which one wins hangs on their order. `reason`: `order`.
 * - `irrelevant`: it matches no packet of this cloud. `reason`: `nobody-from`, `nobody-to` when no address is on that
 *   side, `never-meet` when the sides share no network, address family or scope.
 * - `over-permissive`: it lets the whole outside in. `reason`: `every-service`, or `remote-administration`.
 * - `missing-log`: it opens something that should be seen, and does not log. `reason`: `between-tenants`, `from-anywhere`.
 * - `expired`: its time is over, and it says nothing any more. `reason`: `time-over`.
 */
export interface Finding {
  readonly code: FindingCode;
  readonly reason: FindingReason;
  readonly ruleId: Id;
  /** The other rules that it takes to see it, in the order of decision. */
  readonly otherIds: readonly Id[];
  /** A packet that shows it; none of a rule that no packet meets. */
  readonly witness: Packet | null;
}

type FindingReason =
  | 'same'
  | 'opposite'
  | 'rules'
  | 'defaults'
  | 'order'
  | 'nobody-from'
  | 'nobody-to'
  | 'never-meet'
  | 'every-service'
  | 'remote-administration'
  | 'between-tenants'
  | 'from-anywhere'
  | 'time-over';
