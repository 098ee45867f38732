import { type ChildProcess, spawn } from 'node:child_process';
import {
  GATEWAY_CAPTURE_WINDOW,
  type GatewayCaptureFilter,
  type GatewayCaptureStart,
  type GatewayMessage,
} from '@hypervigil/contract';
import { createPcapReader } from '@hypervigil/pcap';

type Reason = Extract<GatewayMessage, { type: 'capture.end' }>['reason'];

const CHUNK_BYTES = 128 * 1024;
const LINGER_MS = 200;
const LAST_WORD_MS = 30_000;
const MAX_COMPLAINT = 1000;

export interface Capture {
  /** The host has these chunks: more may follow. */
  received(chunk: number): void;
  stop(): void;
}

/**
 * Copies what passes a vNIC to the host, as a capture file in chunks of whole records, until a bound is met. While the host
 * does not take them tcpdump waits, and the kernel drops copies, not traffic.
 */
export function startCapture(
  request: GatewayCaptureStart,
  send: (message: GatewayMessage) => boolean,
  onEnd: () => void,
): Capture {
  const { id, role, filter, maxBytes, maxSeconds, snapLength } = request;
  const child: ChildProcess = spawn(
    'tcpdump',
    ['-i', role, '-U', '-n', '-w', '-', '-s', `${snapLength}`, ...expressionOf(filter)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let waiting: Buffer[] = [];
  let size = 0;
  let bytes = 0;
  let chunks = 0;
  let acknowledged = 0;
  let complaint = '';
  let reason: Reason | undefined;

  let isOver = false;
  let isFinished = false;
  let patience: NodeJS.Timeout | undefined;

  const timer = setTimeout(() => end('seconds'), maxSeconds * 1000);
  const lingering = setInterval(flush, LINGER_MS);

  function end(why: Reason): void {
    reason ??= why;
    child.kill('SIGTERM');
  }

  /** What waits goes on its way as far as the window allows. */
  function flush(): void {
    while (size > 0 && chunks - acknowledged < GATEWAY_CAPTURE_WINDOW) {
      const data = Buffer.concat(waiting);
      const message = { type: 'capture.chunk', id, chunk: chunks + 1, data: data.toString('base64') } as const;
      if (!send(message)) break;
      chunks++;
      waiting = [];
      size = 0;
    }
    if (isOver && size === 0) finish();
    else if (size >= CHUNK_BYTES) child.stdout?.pause();
    else if (child.stdout?.isPaused()) child.stdout.resume();
  }

  function take(raw: Buffer): void {
    if (reason !== undefined) return;
    if (bytes + raw.length > maxBytes) {
      end('bytes');
      return;
    }
    bytes += raw.length;
    waiting.push(Buffer.from(raw));
    size += raw.length;
    if (size >= CHUNK_BYTES) flush();
  }

  const read = createPcapReader({ onHeader: (_, raw) => take(raw), onRecord: ({ raw }) => take(raw) });
  child.stdout?.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (error) {
      complaint ||= (error as Error).message;
      end('failed');
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (said: string) => {
    complaint = (complaint + said).slice(-MAX_COMPLAINT);
  });
  child.on('error', (error) => {
    complaint = error.message;
  });
  child.on('close', () => {
    isOver = true;
    clearTimeout(timer);
    // What the host has not taken by then it will not take.
    patience = setTimeout(finish, LAST_WORD_MS);
    flush();
  });

  function finish(): void {
    if (isFinished) return;
    isFinished = true;
    clearTimeout(patience);
    clearInterval(lingering);
    const how = reason ?? 'failed';
    send({ type: 'capture.end', id, reason: how, message: how === 'failed' ? complaint : '', chunks, bytes });
    onEnd();
  }

  return {
    received(chunk) {
      acknowledged = Math.min(chunks, Math.max(acknowledged, chunk));
      flush();
    },
    stop: () => end('stopped'),
  };
}

/** pcap-filter(7). */
function expressionOf({ host, protocol, port }: GatewayCaptureFilter): string[] {
  const parts = [
    ...(host === null ? [] : [['host', host]]),
    ...(protocol === null ? [] : [['(', 'ip', 'proto', `${protocol}`, 'or', 'ip6', 'proto', `${protocol}`, ')']]),
    ...(port === null ? [] : [['port', `${port}`]]),
  ];
  return parts.flatMap((part, i) => (i === 0 ? part : ['and', ...part]));
}
