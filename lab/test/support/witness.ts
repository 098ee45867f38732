import assert from 'node:assert/strict';
import { type Lab, labState, waitFor } from '../../src/index.ts';
import { httpStatus } from '../../src/tools.ts';
import { addressOf } from '../../src/vm/spec.ts';
import { traffic } from './protected-cloud.ts';

/** For whatever a loaded machine does. */
export const WAIT = { timeoutMs: 60_000, everyMs: 200 };
/** For what takes its time on an idle one, too: a gateway that boots, and another that waits for its last connections. */
export const LONG = { timeoutMs: 240_000, everyMs: 500 };

/** Sees from inside the demo cloud's guests whether what is allowed passes and what is forbidden does not. */
export interface Witness {
  /** `app1` asks `db1` over one long connection: `connect` counts how often it had to be made. */
  queries(): Promise<{ ok: number; connect: number }>;
  /** Waits for more than so many answers from the database. */
  moreQueries(than?: number): Promise<void>;
  /** One tenant cannot reach the other, over neither family. */
  assertApart(): Promise<void>;
  pidOf(process: string): number;
}

export function witnessOf(lab: Lab): Witness {
  const queries = () => traffic(lab, 'app1', 'db');
  const { ipv4, ipv6 } = labState(lab).vms['web1']!.spec;
  return {
    queries,
    async moreQueries(than = 3) {
      const { ok } = await queries();
      await waitFor('answers from the database', async () => (await queries()).ok > ok + than, WAIT);
    },
    async assertApart() {
      const answers = [ipv4, ipv6].map((address) => httpStatus(lab, 'shop1', addressOf(address), 80));
      assert.deepEqual(await Promise.all(answers), [undefined, undefined]);
    },
    pidOf: (name) => labState(lab).processes[name]!.identity!.pid,
  };
}
