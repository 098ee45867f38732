import type { OvsSwitch } from '@hypervigil/ovs';
import { COLLECTOR_SET } from '@hypervigil/pipeline';

/** What the switch counts before it exports: a datagram for each packet would cost a fifth of the throughput. About 10 MB. */
const GATHERED = { activeTimeoutS: 1, maxFlows: 16_384 } as const;

type Exporter = Pick<OvsSwitch, 'ensureIpfix' | 'removeIpfix'>;

/** Lets the switch export what it samples to `target` (`address:port`), and tell its templates at once. */
export async function exportTo(sw: Exporter, target: string): Promise<void> {
  // A switch that exports already tells a new collector its templates only every 600 s (OVS 3.1): begin anew.
  await sw.removeIpfix(COLLECTOR_SET);
  await sw.ensureIpfix({ target, collectorSetId: COLLECTOR_SET, ...GATHERED });
}

/**
 * Makes the switch tell what it has gathered. It does so by the wall clock, a second after a flow began: of flows that began
 * before the clock was set back, it would be silent for as long. Allowed to gather none, it tells of all; no packet goes uncounted.
 */
export async function tellGathered(sw: Exporter, target: string): Promise<void> {
  await sw.ensureIpfix({ target, collectorSetId: COLLECTOR_SET, ...GATHERED, maxFlows: 0 });
  await sw.ensureIpfix({ target, collectorSetId: COLLECTOR_SET, ...GATHERED });
}
