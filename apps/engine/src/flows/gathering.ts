import type { OvsSwitch } from '@hypervigil/ovs';
import { COLLECTOR_SET } from '@hypervigil/pipeline';

/**
 * The switch exports each packet that it samples by itself. What it gathers it sends by the wall clock: when that was set back
 * an hour, a switch that gathered (`maxFlows: 16_384`, which made every packet's count cost a fifth less) told nothing for as
 * long; and to make it tell closes the port it sends from, with what nobody has read yet.
 */
const GATHERED = { activeTimeoutS: 1, maxFlows: 0 } as const;

type Exporter = Pick<OvsSwitch, 'ensureIpfix' | 'removeIpfix'>;

/** Lets the switch export what it samples to `target` (`address:port`), and tell its templates at once. */
export async function exportTo(sw: Exporter, target: string): Promise<void> {
  // A switch that exports already tells a new collector its templates only every 600 s (OVS 3.1): begin anew.
  await sw.removeIpfix(COLLECTOR_SET);
  await sw.ensureIpfix({ target, collectorSetId: COLLECTOR_SET, ...GATHERED });
}
