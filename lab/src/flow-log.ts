import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@hypervigil/contract';
import type { Verdict } from '@hypervigil/model';
import type { Lab } from './lab.ts';
import { runInHost } from './spawn.ts';
import { waitFor } from './wait.ts';

/** Who is said to have asked whom. */
interface LoggedFlow {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly verdict?: Verdict;
}

/** What was written down of the traffic on a host. */
export interface FlowLog {
  has(flow: LoggedFlow): Promise<boolean>;
  close(): Promise<void>;
}

/** What the platform has; each flow with the verdict and the number of a rule. */
export function platformFlowLog(client: Client): FlowLog {
  return {
    async has({ from, to, ...rest }) {
      const { items } = await client.listFlows({ query: { address: to, limit: 1000, ...rest } });
      return items.some(({ src, dst }) => src.ip === from && dst.ip === to);
    },
    close: async () => undefined,
  };
}

const COLLECTOR = join(import.meta.dirname, '../programs/collector.ts');
const COLLECTING = 'collecting';

/** What a collector takes that hears whoever sends to it: it knows of no verdicts. */
export async function plainFlowLog(lab: Lab, host: string): Promise<FlowLog> {
  const dir = mkdtempSync(join(tmpdir(), 'hv-flow-log-'));
  const file = join(dir, 'flows');
  const ended = new AbortController();
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', COLLECTOR, file];
  const collecting = runInHost(lab, host, argv, { timeoutMs: 300_000, signal: ended.signal }).catch(() => undefined);
  const lines = () => readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n');
  const close = async () => {
    ended.abort();
    await collecting;
    rmSync(dir, { recursive: true });
  };
  try {
    await waitFor('a collector listens', () => lines().includes(COLLECTING), { timeoutMs: 60_000 });
  } catch (error) {
    await close();
    throw error;
  }
  return { has: async ({ from, to, port }) => lines().includes(`${from} ${to} ${port}`), close };
}
