import type { IntentRule } from '@hypervigil/model';

/** How much of what a rule decides is recorded flow by flow (docs/adr/0011-log-and-sampling.md). */
export interface Recording {
  /** Of its connections, one in so many, each whole or not at all; 1 all of them, 0 none. Of denied packets, one in so many. */
  readonly oneIn: number;
  /** Every packet of them is counted, whatever a host does with those of rules that do not log. */
  readonly exact: boolean;
}

export const recordingOf = ({ log, logSampling }: Pick<IntentRule, 'log' | 'logSampling'>): Recording => ({
  oneIn: logSampling ?? 1,
  exact: log,
});
