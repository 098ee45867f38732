import path from 'node:path';
import type { EngineMessage } from '@hypervigil/contract';
import type { HostIntent } from '@hypervigil/model';
import type { Exporters } from '../exporters/exporters.ts';
import type { ClockWatch } from '../health/clock.ts';
import type { Log } from '../log.ts';
import { collectFlows, type FlowCollection } from './collection.ts';
import { createFlowSender } from './sender.ts';
import { openSpool } from './spool.ts';

/** Flows from the switch to the platform: collected, put together, spooled, sent, acknowledged. */
export interface FlowExport {
  /** `address:port` to which the switch has to export. */
  readonly target: string;
  readonly takeGatewayLog: FlowCollection['takeGatewayLog'];
  acknowledged(batch: string): Promise<void>;
  /** A session with the platform began. */
  restart(): Promise<void>;
  health(): { readonly bytes: number; readonly limitBytes: number; readonly failing: string | undefined };
  /** Records lost since the engine started. */
  lost(): number;
  /** Packets since then that somebody else than the switch sent to where it exports. */
  forged(): number;
  stop(): Promise<void>;
}

interface ExportDeps {
  readonly stateDir: string;
  readonly limitBytes: number;
  readonly intent: () => HostIntent;
  /** The identity of one of this host's gateways, by its number. */
  readonly gatewayId: (num: number) => string | undefined;
  /** Whose socket flow records have to come from. */
  readonly exporterUid: () => number | undefined;
  readonly exporters: Pick<Exporters, 'drain' | 'takeLost'>;
  readonly clock: Pick<ClockWatch, 'errorMs'>;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
}

export async function startFlowExport({
  stateDir,
  limitBytes,
  intent,
  gatewayId,
  exporterUid,
  exporters,
  clock,
  send,
  log,
}: ExportDeps): Promise<FlowExport> {
  const spool = await openSpool({ directory: path.join(stateDir, 'spool'), limitBytes });
  const sender = createFlowSender({ spool, send, log });
  const collection = await collectFlows({ intent, gatewayId, exporterUid, exporters, clock, sender });
  return {
    target: collection.target,
    takeGatewayLog: collection.takeGatewayLog,
    acknowledged: sender.acknowledged,
    restart: sender.restart,
    health: () => ({ bytes: spool.bytes, limitBytes, failing: sender.failing() }),
    lost: sender.lost,
    forged: collection.forged,
    async stop() {
      await collection.stop();
      await spool.close();
    },
  };
}
