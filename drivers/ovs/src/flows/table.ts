import { spawn } from 'node:child_process';
import { OvsError } from '../errors.ts';
import type { FlowChange, FlowDelta, FlowKey, FlowSpec } from './spec.ts';

export interface FlowTable {
  apply(desired: readonly FlowSpec[]): Promise<FlowChange>;
  applyDelta(delta: FlowDelta): Promise<FlowChange>;
}

const key = ({ table, priority, match }: FlowKey): string =>
  `table=${table},priority=${priority}${match && `,${match}`}`;
const line = (flow: FlowSpec): string =>
  `add ${key(flow)},cookie=0x${flow.cookie.toString(16)},actions=${flow.actions || 'drop'}\n`;
const body = (flow: FlowSpec): string => `${flow.cookie} ${flow.actions}`;

export function createFlowTable(runDir: string, bridge: string): FlowTable {
  let known = new Map<string, FlowSpec>();
  const send = (command: string, text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn('ovs-ofctl', ['-O', 'OpenFlow15', '--bundle', command, `unix:${runDir}/${bridge}.mgmt`, '-']);
      let errors = '';
      child.stderr.on('data', (bytes) => (errors += String(bytes)));
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve() : reject(new OvsError('openflow-error', errors))));
      child.stdin.end(text);
    });
  return {
    async apply(desired) {
      const next = new Map(desired.map((flow) => [key(flow), flow]));
      await send('replace-flows', [...next.values()].map((flow) => line(flow).slice('add '.length)).join(''));
      const added = [...next.keys()].filter((k) => !known.has(k)).length;
      const modified = [...next].filter(([k, flow]) => known.has(k) && body(known.get(k)!) !== body(flow)).length;
      const deleted = [...known.keys()].filter((k) => !next.has(k)).length;
      known = next;
      return { added, modified, deleted };
    },
    async applyDelta({ upsert, remove }) {
      await send(
        'add-flows',
        remove.map((flow) => `delete_strict ${key(flow)}\n`).join('') + upsert.map(line).join(''),
      );
      const added = upsert.filter((flow) => !known.has(key(flow))).length;
      for (const flow of remove) known.delete(key(flow));
      for (const flow of upsert) known.set(key(flow), flow);
      return { added, modified: upsert.length - added, deleted: remove.length };
    },
  };
}
