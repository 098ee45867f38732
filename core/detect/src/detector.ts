import type { AlertCode, AlertFacts, AlertPeer, Severity, SeverityReason } from '@hypervigil/model';
import type { z } from 'zod';
import type { Effort } from './effort.ts';
import type { Sighting } from './sighting.ts';

/** What a detector says of a VM, with its reasons. */
export interface Detection {
  readonly code: AlertCode;
  readonly side: 'source' | 'target';
  readonly severity: Severity;
  readonly reason: SeverityReason;
  /** Of detections of one code about one VM, what tells them apart: a peer, a service, or nothing. */
  readonly about: string;
  readonly expected: AlertFacts;
  readonly seen: AlertFacts;
  /** At most MAX_ALERT_PEERS. */
  readonly peers: readonly AlertPeer[];
  /** At most MAX_ALERT_FLOWS. */
  readonly flowKeys: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A judge of one VM's flows. It has no memory but the state that it is given: plain data of bounded size, that it changes in
 * place and that can be written down at any moment, so that a restart forgets nothing and what was learnt follows the VM.
 */
export interface Detector<S, Seen = Sighting> {
  readonly begin: () => S;
  /** What a state looks like that was written down; anything else is begun anew. */
  readonly schema: z.ZodType<S>;
  /** Takes in a flow, or what else it judges. Order of arrival is free within the time that a detector waits for answers. */
  readonly observe: (state: S, seen: Seen) => readonly Detection[];
  /** Takes in that it is now so late (milliseconds since 1970): what was to come by then has not. */
  readonly advance: (state: S, nowMs: number, effort?: Effort) => readonly Detection[];
}
