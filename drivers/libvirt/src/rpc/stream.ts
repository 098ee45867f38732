import { Duplex } from 'node:stream';
import { LibvirtError } from '../errors.ts';
import { messageStatus, messageType, streamHole } from '../gen/net.ts';
import type { XdrReader } from '../xdr/reader.ts';
import { encodeRawPacket, type Packet, packetHeader } from './packet.ts';
import type { ProcedureId, StreamDirection } from './procedure.ts';
import { readRemoteError } from './remote-error.ts';

/** The most that every release of libvirtd accepts in one stream packet (VIR_NET_MESSAGE_LEGACY_PAYLOAD_MAX). */
const CHUNK = 262_120;
const BUFFERED = 1 << 20;
/** The most that may come before the reply to the call; a reader that lags could not stop it. */
const EARLY = 16 << 20;
const ZEROS = Buffer.alloc(65_536);
const NOTHING = new Uint8Array(0);

/** The procedure that opened a stream. */
export interface StreamProcedure extends ProcedureId {
  readonly stream: StreamDirection | undefined;
}

export interface StreamHooks {
  send(packet: Buffer, sent: (error?: Error | null) => void): void;
  /** The reader is slower than the daemon: the protocol has no window, so the whole connection has to wait. */
  pause(): void;
  resume(): void;
  ended(): void;
}

/**
 * One libvirt stream. `end()` finishes it, `destroy()` aborts it; `close` is emitted when the daemon has confirmed it.
 * A reader that lags by more than 1 MiB stops the connection that carries the stream: give bulk data its own.
 */
export class LibvirtStream extends Duplex {
  readonly #procedure: StreamProcedure;
  readonly #serial: number;
  readonly #hooks: StreamHooks;
  /** Bytes, or lengths of holes, that the reader did not take yet. */
  #arrived: (Buffer | number | null)[] = [];
  /** What comes before the caller has the stream, and so may listen for its errors, waits. */
  #early: (() => void)[] | undefined = [];
  #earlyBytes = 0;
  #wanted = false;
  #paused = false;
  #arrivedBytes = 0;
  #confirm: ((error?: Error | null) => void) | undefined;
  #over = false;
  /** Set while the daemon's confirmation of an abort is awaited. */
  #gone: (() => void) | undefined;

  constructor(procedure: StreamProcedure, serial: number, hooks: StreamHooks) {
    // Node's types do not know `readable` yet.
    const sides = { readable: procedure.stream !== 'write' };
    super({ ...sides, readableHighWaterMark: BUFFERED, writableHighWaterMark: CHUNK });
    this.#procedure = procedure;
    this.#serial = serial;
    this.#hooks = hooks;
  }

  /** The call was answered: the caller has the stream before the next turn of the event loop. */
  opened(): void {
    setImmediate(() => {
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const step of early) step();
    });
  }

  /**
   * Takes a packet of this stream's serial; the session calls it. A packet that cannot be read ends the stream; throws
   * where too much comes before the stream is open, which ends the session.
   */
  accept(packet: Packet): void {
    if (this.#early) this.#earlyBytes += packet.payload.remaining;
    if (this.#earlyBytes > EARLY)
      throw new LibvirtError('bad-message', `the peer sent ${EARLY} bytes of a stream before it said that it is open`);
    this.#whenReady(() => {
      try {
        if (!this.destroyed) this.#accept(packet);
        else if (packet.header.status !== messageStatus.CONTINUE) this.#gone?.();
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** The connection is gone. */
  lost(error: Error): void {
    this.#whenReady(() => {
      if (this.#gone) this.#gone();
      else if (this.#over) this.destroy();
      else this.#fail(error);
    });
  }

  #whenReady(step: () => void): void {
    if (this.#early) this.#early.push(step);
    else step();
  }

  #accept({ header, payload }: Packet): void {
    if (header.status === messageStatus.ERROR) this.#fail(readRemoteError(payload, this.#procedure.name));
    else if (header.status === messageStatus.OK) this.#finished();
    else if (header.type === messageType.STREAM_HOLE) this.#take(holeLength(payload));
    else if (payload.remaining > 0) this.#take(payload.rest());
    // No data is the end of data. It has to be answered: only then does the daemon let go of the stream.
    else if (!this.writableEnded) this.end();
  }

  #take(piece: Buffer | number): void {
    this.#arrived.push(piece);
    if (typeof piece !== 'number') this.#arrivedBytes += piece.length;
    this.#deliver();
    if (this.#arrivedBytes > BUFFERED && !this.#paused) {
      this.#paused = true;
      this.#hooks.pause();
    }
  }

  override _read(): void {
    this.#wanted = true;
    this.#deliver();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const piece = chunk.subarray(0, CHUNK);
    const rest = chunk.subarray(CHUNK);
    this.#send(messageStatus.CONTINUE, piece, (error) =>
      error || rest.length === 0 ? done(error) : this._write(rest, _encoding, done),
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#over) {
      done();
      return;
    }
    this.#confirm = done;
    this.#send(messageStatus.OK, NOTHING, (error) => error && this.#settle(error));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#arrived = [];
    this.#resume();
    const gone = () => {
      this.#gone = undefined;
      this.#hooks.ended();
      done(error);
    };
    if (this.#over) {
      gone();
      return;
    }
    this.#over = true;
    this.#gone = gone;
    this.#send(messageStatus.ERROR, NOTHING, () => undefined);
  }

  #deliver(): void {
    while (this.#wanted && this.#arrived.length > 0) {
      const next = this.#arrived[0]!;
      if (typeof next === 'number') this.#pushZeros(next);
      else {
        this.#arrived.shift();
        this.#arrivedBytes -= next?.length ?? 0;
        this.#wanted = this.push(next);
      }
    }
    if (this.#paused && this.#arrivedBytes < BUFFERED / 2) this.#resume();
  }

  /** A hole may be larger than memory, so it becomes zeros only as fast as they are read. */
  #pushZeros(length: number): void {
    const size = Math.min(length, ZEROS.length);
    if (size === length) this.#arrived.shift();
    else this.#arrived[0] = length - size;
    if (size > 0) this.#wanted = this.push(ZEROS.subarray(0, size));
  }

  #finished(): void {
    this.#over = true;
    this.#arrived.push(null);
    this.#deliver();
    // A daemon may finish first; then nothing is left to write to.
    if (!this.writableEnded) this.end();
    this.#settle();
  }

  #fail(error: Error): void {
    this.#over = true;
    this.#settle(error);
    this.destroy(error);
  }

  /** Ends the wait for the daemon's confirmation, once. */
  #settle(error?: Error): void {
    const confirm = this.#confirm;
    this.#confirm = undefined;
    confirm?.(error);
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#hooks.resume();
  }

  #send(status: number, payload: Uint8Array, sent: (error?: Error | null) => void): void {
    const header = packetHeader(this.#procedure, messageType.STREAM, this.#serial, status);
    this.#hooks.send(encodeRawPacket(header, payload), sent);
  }
}

function holeLength(payload: XdrReader): number {
  const { length } = streamHole.read(payload);
  if (length < 0n || length > BigInt(Number.MAX_SAFE_INTEGER))
    throw new LibvirtError('bad-message', `the peer sent a hole of ${length} bytes`);
  return Number(length);
}
