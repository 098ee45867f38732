import { type OvsSwitch, openSwitch } from '@hypervigil/ovs';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { LEARNED_TABLES } from '../src/index.ts';

export const UPLINK = 1;
/** The port of a vNIC in these tests. */
export const portOf = (vnicNum: number): number => 10 + vnicNum;

export interface Bridge {
  readonly ovs: DummyOvs;
  readonly sw: OvsSwitch;
  stop(): Promise<void>;
}

/** A private switch with a trunk, ports for vNICs 1 … `vnics`, and others. */
export async function startBridge(vnics: number, others: readonly number[] = []): Promise<Bridge> {
  const ovs = await startDummyOvs();
  try {
    const place = { ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' };
    const sw = await openSwitch({ ...place, learnedTables: LEARNED_TABLES });
    await sw.ensureBridge({ datapathType: 'dummy' });
    await ovs.addPort('br0', 'trunk', { ofport: UPLINK });
    for (let num = 1; num <= vnics; num++) await ovs.addPort('br0', `vnic${num}`, { ofport: portOf(num) });
    for (const ofport of others) await ovs.addPort('br0', `other${ofport}`, { ofport });
    return {
      ovs,
      sw,
      async stop() {
        await sw.close();
        await ovs.stop();
      },
    };
  } catch (error) {
    await ovs.stop();
    throw error;
  }
}
