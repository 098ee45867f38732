import { createIpfixDecoder, type DecoderOptions } from './decoder.ts';
import type { FlowRecord } from './flow-record.ts';
import { readKernelDrops } from './kernel-drops.ts';
import { hearLocal, type LocalSenders } from './local-exporters.ts';
import { openReceiver } from './open-receiver.ts';
import { BatchQueue, type QueueStats } from './queue.ts';
import type { DecoderStats } from './stats.ts';

/** Gets each flow as it is read. The record is the decoder's own and valid inside the call only. */
export interface RecordSink {
  readonly onRecord: (record: FlowRecord) => void;
}

/** Gets flows in batches, one batch at a time. The records are the receiver's to keep. */
export interface BatchSink {
  readonly onBatch: (records: FlowRecord[]) => Promise<void> | void;
  /** Flows that may wait while a batch is being taken; more are dropped and counted. Default 100,000. */
  readonly queueLimit?: number;
}

export type CollectorOptions = (RecordSink | BatchSink) & {
  /** Address to listen on, such as `127.0.0.1`. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /**
   * The user of this machine whose programs are heard, while it is known; they have to connect their sockets. What others
   * send is counted and left out. For a collector on loopback whose `stats` are asked for every second or so. Default: everybody
   * is heard.
   */
  readonly exporterUid?: () => number | undefined;
  /** Octets of the kernel's receive buffer. Default 16 MiB; without CAP_NET_ADMIN at most net.core.rmem_max. */
  readonly receiveBuffer?: number;
  readonly decoder?: DecoderOptions;
};

export interface CollectorStats extends DecoderStats, QueueStats {
  /** Datagrams from senders that are not heard. */
  readonly refused: number;
  /** Datagrams that the kernel dropped because its receive buffer was full; null where it does not tell. */
  readonly kernelDrops: number | null;
}

export interface Collector {
  readonly port: number;
  stats(): Promise<CollectorStats>;
  /** Stops listening, hands over what waits, and resolves. */
  close(): Promise<void>;
}

const DEFAULT_QUEUE = 100_000;
const DEFAULT_RECEIVE_BUFFER = 16 << 20;
const NO_QUEUE: QueueStats = Object.freeze({ queueDrops: 0, failed: 0, waiting: 0 });

/**
 * Listens for IPFIX, NetFlow v9 and NetFlow v5 on UDP.
 *
 * What comes before its template is left out (`setsWithoutTemplate`). Open vSwitch 3.1 sends templates with its first
 * flow and then every 600 s only; a collector that starts later gets them by emptying `targets` of the IPFIX row and
 * setting it again in another transaction. Changing any other column of the row, or a target, does not bring them.
 *
 * @throws IpfixError `IPFIX_BIND_FAILED`
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { exporterUid } = options;
  const decoder = createIpfixDecoder(options.decoder);
  const queue = 'onBatch' in options ? new BatchQueue(options.onBatch, options.queueLimit ?? DEFAULT_QUEUE) : null;
  const onRecord = 'onBatch' in options ? (record: FlowRecord) => queue!.push(record) : options.onRecord;
  let refused = 0;
  let senders: LocalSenders | undefined;
  const isHeard = (sender: string) => (exporterUid === undefined ? true : (senders?.isHeard(sender) ?? false));

  // A local switch sends from another port after each change of its settings, and does not tell its templates again.
  const onDatagram = (buffer: Uint8Array, length: number, sender: string) => {
    if (!isHeard(sender)) refused++;
    else decoder.decode(buffer, exporterUid === undefined ? sender : host, onRecord, length);
  };
  const { host, port: wanted, receiveBuffer = DEFAULT_RECEIVE_BUFFER } = options;
  const receiver = await openReceiver({ host, port: wanted, receiveBuffer }, onDatagram);
  const { port } = receiver;
  if (exporterUid) senders = hearLocal({ host, port, uid: exporterUid });

  return {
    port,
    async stats() {
      senders?.look();
      const kernelDrops = await readKernelDrops(host, port);
      return { ...decoder.stats, ...(queue?.stats ?? NO_QUEUE), refused, kernelDrops };
    },
    async close() {
      receiver.close();
      await queue?.drained();
    },
  };
}
