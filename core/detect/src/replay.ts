import type { AlertCode, Id } from '@hypervigil/model';
import type { Detection } from './detector.ts';
import type { Effort } from './effort.ts';
import { type SeenFlow, sightingsOf } from './sighting.ts';
import { advance, beginState, observe, type VmState } from './vm-watch.ts';

/** An alert that would have been raised. */
export interface Raised {
  readonly code: AlertCode;
  readonly vmId: Id;
  readonly about: string;
  /** When it was known. */
  readonly atMs: number;
}

/** What cannot be told from flows alone: it takes names, threat sets, or the policy that was in force. */
export const NOT_REPLAYED: readonly AlertCode[] = ['dns-tunnel', 'threat-called', 'threat-caller', 'policy-bypass'];

interface ReplayOptions {
  readonly codes: readonly AlertCode[];
  readonly effort: Effort;
  /** VMs that are judged; all without it. */
  readonly vmIds?: ReadonlySet<Id> | undefined;
}

/** Flows between two steps. */
const STEP = 2_000;
/** What does not come by then is not waited for. */
const RESTLESS_MS = 15_000;

/**
 * What detectors that know nothing yet would have told of recorded flows, each alert once. A flow counts when it ended: of one that lasted for
 * hours nothing was seen before.
 * @param flows in the order of their ends
 */
export function* replay(flows: Iterable<SeenFlow>, { codes, effort, vmIds }: ReplayOptions): Generator<void, Raised[]> {
  const states = new Map<Id, VmState>();
  const raised = new Map<string, Raised>();
  const take = (vmId: Id, atMs: number, found: readonly Detection[]) => {
    for (const { code, about } of found)
      if (codes.includes(code))
        raised.getOrInsertComputed(`${vmId} ${code} ${about}`, () => ({ code, vmId, about, atMs }));
  };
  let count = 0;
  let lastMs = 0;
  for (const flow of flows) {
    if (++count % STEP === 0) yield;
    lastMs = flow.endMs;
    for (const seen of sightingsOf(flow, { effortOf: () => effort })) {
      const { vmId } = seen;
      if (vmIds !== undefined && !vmIds.has(vmId)) continue;
      const state = states.getOrInsertComputed(vmId, beginState);
      take(vmId, flow.endMs, advance(state, flow.endMs, effort));
      take(vmId, flow.endMs, observe(state, seen));
    }
  }
  for (const [vmId, state] of states) take(vmId, lastMs + RESTLESS_MS, advance(state, lastMs + RESTLESS_MS, effort));
  return [...raised.values()];
}
