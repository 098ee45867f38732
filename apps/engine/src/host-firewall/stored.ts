import path from 'node:path';
import { HostFirewallPolicy, HostFirewallStatus } from '@hypervigil/model';
import { z } from 'zod';
import { EngineError } from '../errors.ts';
import { readIfThere, writeDurably } from '../files/durable.ts';
import { decodeRecords, encodeRecord } from '../intent/records.ts';

const StoredFirewall = z.object({
  /** What is enforced, whatever happens. */
  kept: z.object({ revision: z.int(), policy: HostFirewallPolicy.nullable() }).nullable(),
  /** What became of the last revision: it does not get a second chance by a restart. */
  last: HostFirewallStatus.pick({ revision: true, state: true, problem: true }),
});
export type StoredFirewall = z.infer<typeof StoredFirewall>;

export interface FirewallStore {
  /** undefined when none was ever stored. Rejects with `bad-intent` when the file is damaged. */
  load(): Promise<StoredFirewall | undefined>;
  save(firewall: StoredFirewall): Promise<void>;
}

export function createFirewallStore(stateDir: string): FirewallStore {
  const file = path.join(stateDir, 'host-firewall');
  return {
    async load() {
      const text = await readIfThere(file);
      if (text === undefined) return undefined;
      const [record = ''] = decodeRecords(text).texts;
      try {
        return StoredFirewall.parse(JSON.parse(record));
      } catch (cause) {
        throw new EngineError('bad-intent', 'The stored host firewall is not of a form that this engine reads', {
          cause,
        });
      }
    },
    save: (firewall) => writeDurably(file, encodeRecord('', JSON.stringify(firewall)).line),
  };
}
