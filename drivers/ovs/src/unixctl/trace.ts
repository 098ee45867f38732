import type { Appctl } from './appctl.ts';
import { parseTrace, type Trace } from './trace-text.ts';

export interface TraceOptions {
  /** What conntrack says at each recirculation, one element each, such as `trk,new` or `trk,est,rpl`; `trk,new` when it runs out. */
  readonly ctNext?: string | readonly string[];
}

/**
 * Follows one packet through the pipeline without sending it.
 *
 * @param flow the packet's fields as ovs-ofctl writes a match, such as `in_port=1,tcp,nw_dst=10.0.0.2,tp_dst=80`
 */
export async function traceFlow(
  appctl: Appctl,
  bridge: string,
  flow: string,
  options: TraceOptions = {},
): Promise<Trace> {
  const { ctNext = [] } = options;
  const states = typeof ctNext === 'string' ? [ctNext] : ctNext;
  return parseTrace(
    await appctl.run('ofproto/trace', ...states.flatMap((state) => ['--ct-next', state]), bridge, flow),
  );
}
