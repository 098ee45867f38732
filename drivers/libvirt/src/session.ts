import type { Duplex } from 'node:stream';
import { LibvirtError } from './errors.ts';
import { messageStatus, messageType } from './gen/net.ts';
import { FrameSplitter } from './rpc/framing.ts';
import { type KeepAlive, startKeepAlive } from './rpc/keepalive.ts';
import type { Outbox } from './rpc/outbox.ts';
import { callHeader, decodePacket, encodePacket, type Packet } from './rpc/packet.ts';
import type { EventMessage, Procedure, ProcedureId } from './rpc/procedure.ts';
import { readRemoteError } from './rpc/remote-error.ts';
import { LibvirtStream, type StreamProcedure } from './rpc/stream.ts';
import type { XdrReader } from './xdr/reader.ts';

/** libvirtd's default `max_client_requests`: with so many calls under way it reads nothing more, pings included. */
const DAEMON_MAX_REQUESTS = 5;

export interface CallOptions {
  /** Gives the call up after so many milliseconds. The daemon goes on with what it began. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface SessionOptions {
  /** Pings after so many seconds of silence; 0 never does. */
  keepAliveSeconds: number;
  /** How packets reach the transport. */
  outbox: (transport: Duplex) => Outbox;
}

interface PendingCall {
  id: ProcedureId;
  succeed(payload: XdrReader): void;
  fail(error: Error): void;
  /** Ends what limits the call. */
  disarm: (() => void) | undefined;
  /** The stream that it opens. */
  stream: LibvirtStream | undefined;
}

type MessageHandler = (packet: Packet) => void;

/**
 * One connection to a libvirt daemon: many calls at once, each promise settled by its own reply, in whatever order
 * they come. Ends for good when the connection does; whether to connect again is the caller's policy.
 */
export class Session {
  readonly #transport: Duplex;
  readonly #splitter = new FrameSplitter();
  readonly #keepAlive: KeepAlive;
  readonly #calls = new Map<number, PendingCall>();
  readonly #streams = new Map<number, LibvirtStream>();
  readonly #handlers = new Map<string, Set<MessageHandler>>();
  readonly #closed = Promise.withResolvers<Error | undefined>();
  #serial = 0;
  readonly #outbox: Outbox;
  #paused = 0;
  #reason: Error | undefined;
  #ended = false;

  constructor(transport: Duplex, options: SessionOptions) {
    this.#transport = transport;
    this.#outbox = options.outbox(transport);
    this.#keepAlive = startKeepAlive(options.keepAliveSeconds, {
      send: (packet) => this.#send(packet),
      expectsAnswers: () => this.#paused === 0 && this.#calls.size < DAEMON_MAX_REQUESTS,
      dead: () => this.#end(new LibvirtError('keepalive-timeout', 'the daemon answered no keepalive message')),
    });
    transport.on('data', (chunk: Buffer) => this.#receive(chunk));
    transport.on('error', (cause) => this.#end(new LibvirtError('closed', 'the connection failed', { cause })));
    transport.on('close', () => this.#end(new LibvirtError('closed', 'the daemon closed the connection')));
    transport.on('end', () => this.#end(new LibvirtError('closed', 'the daemon closed the connection')));
  }

  /** Settles when the session is over: with nothing after `close()`, with the reason otherwise. Never rejects. */
  get closed(): Promise<Error | undefined> {
    return this.#closed.promise;
  }

  call<Args, Ret>(procedure: Procedure<Args, Ret>, args: Args, options: CallOptions = {}): Promise<Ret> {
    return this.#call(procedure, args, options, this.#nextSerial(), (ret) => ret);
  }

  /** Calls a procedure that opens a stream; the stream may carry data as soon as the promise settles. */
  openStream<Args, Ret>(
    procedure: Procedure<Args, Ret>,
    args: Args,
    options: CallOptions = {},
  ): Promise<{ ret: Ret; stream: LibvirtStream }> {
    const serial = this.#nextSerial();
    const stream = this.#newStream(procedure, serial);
    const opened = (ret: Ret) => {
      this.#streams.set(serial, stream);
      stream.opened();
      return { ret, stream };
    };
    return this.#call(procedure, args, options, serial, opened, stream);
  }

  /** Calls `listener` for each such message. Returns the way to stop it. */
  onMessage<Msg>(message: EventMessage<Msg>, listener: (msg: Msg) => void): () => void {
    const key = messageKey(message.program, message.number);
    const handlers = this.#handlers.get(key) ?? new Set<MessageHandler>();
    this.#handlers.set(key, handlers);
    // Every listener decodes for itself, so none can change what the next one sees.
    const handler = ({ header, payload }: Packet) => {
      if (header.version === message.version) listener(message.msg.read(payload));
    };
    handlers.add(handler);
    return () => void handlers.delete(handler);
  }

  /** Ends the session; calls under way fail with `closed`. */
  close(): void {
    this.#end(undefined);
  }

  #call<Args, Ret, Result>(
    procedure: Procedure<Args, Ret>,
    args: Args,
    options: CallOptions,
    serial: number,
    result: (ret: Ret) => Result,
    stream?: LibvirtStream,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw this.#closedError(procedure.name);
      if (options.signal?.aborted) throw abortedError(procedure.name, options.signal);
      const packet = encodePacket(callHeader(procedure, serial), procedure.args, args);
      this.#calls.set(serial, {
        id: procedure,
        succeed: (payload) => resolve(result(procedure.ret.read(payload))),
        fail: reject,
        disarm: isLimited(options) ? limit(procedure.name, options, (error) => this.#giveUp(serial, error)) : undefined,
        stream,
      });
      this.#send(packet);
    });
  }

  #newStream(procedure: StreamProcedure, serial: number): LibvirtStream {
    return new LibvirtStream(procedure, serial, {
      send: (packet, sent) => this.#send(packet, sent),
      pause: () => this.#paused++ === 0 && this.#transport.pause(),
      resume: () => --this.#paused === 0 && this.#transport.resume(),
      ended: () => this.#streams.delete(serial),
    });
  }

  #send(packet: Buffer, sent?: (error?: Error | null) => void): void {
    if (this.#ended) sent?.(this.#closedError('stream'));
    else this.#outbox(packet, sent);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) {
        if (this.#ended) return;
        this.#dispatch(decodePacket(frame), frame);
      }
    } catch (error) {
      this.#end(error instanceof Error ? error : new LibvirtError('bad-message', String(error)));
    }
  }

  #dispatch(packet: Packet, frame: Buffer): void {
    const { type, serial, program, procedure } = packet.header;
    if (this.#keepAlive.received(packet.header)) return;
    switch (type) {
      case messageType.MESSAGE:
        for (const handler of this.#handlers.get(messageKey(program, procedure)) ?? []) handler(decodePacket(frame));
        break;
      case messageType.REPLY:
      case messageType.REPLY_WITH_FDS:
        this.#reply(packet, frame);
        break;
      case messageType.STREAM:
      case messageType.STREAM_HOLE:
        this.#toStream(serial, frame);
        break;
      default:
        throw new LibvirtError('bad-message', `the peer sent a message of the type ${type}, a client's`);
    }
  }

  /**
   * A stream keeps what it is given. Its first packets may overtake the reply to the call that opens it (libvirtd's
   * workers write replies, its event loop writes streams); one that this side has aborted may have some on their way.
   */
  #toStream(serial: number, frame: Buffer): void {
    const stream = this.#streams.get(serial) ?? this.#calls.get(serial)?.stream;
    stream?.accept(decodePacket(Buffer.from(frame)));
  }

  #reply(packet: Packet, frame: Buffer): void {
    const { serial, program, procedure } = packet.header;
    const call = this.#calls.get(serial);
    if (!call) {
      // A stream that could not be finished is answered like a call; a call that was given up has neither.
      this.#toStream(serial, frame);
      return;
    }
    if (call.id.program !== program || call.id.number !== procedure)
      throw new LibvirtError('bad-message', `the peer answered ${call.id.name} with procedure ${procedure}`);
    this.#calls.delete(serial);
    call.disarm?.();
    try {
      if (packet.header.status === messageStatus.OK) call.succeed(packet.payload);
      else call.fail(readRemoteError(packet.payload, call.id.name));
    } catch (cause) {
      call.fail(new LibvirtError('bad-message', `${call.id.name}: the reply cannot be read`, { cause }));
    }
  }

  #giveUp(serial: number, error: Error): void {
    this.#calls.get(serial)?.fail(error);
    this.#calls.delete(serial);
  }

  #nextSerial(): number {
    do this.#serial = this.#serial === 0xffff_ffff ? 1 : this.#serial + 1;
    while (this.#calls.has(this.#serial) || this.#streams.has(this.#serial));
    return this.#serial;
  }

  #closedError(name: string): LibvirtError {
    return new LibvirtError('closed', `${name}: the connection is closed`, { cause: this.#reason });
  }

  #end(reason: Error | undefined): void {
    if (this.#ended) return;
    this.#reason = reason;
    this.#keepAlive.stop();
    const calls = [...this.#calls.values()];
    const streams = [...this.#streams.values()];
    this.#calls.clear();
    this.#ended = true;
    for (const call of calls) {
      call.disarm?.();
      call.fail(this.#closedError(call.id.name));
    }
    for (const stream of streams) stream.lost(this.#closedError('stream'));
    this.#handlers.clear();
    this.#transport.destroy();
    this.#closed.resolve(reason);
  }
}

function messageKey(program: number, procedure: number): string {
  return `${program}:${procedure}`;
}

function isLimited({ timeoutMs, signal }: CallOptions): boolean {
  return timeoutMs !== undefined || signal !== undefined;
}

/** Arms a call's time limit and signal. Returns how to disarm both. */
function limit(name: string, { timeoutMs, signal }: CallOptions, giveUp: (error: Error) => void): () => void {
  const disarm = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  };
  const stop = (error: Error) => {
    disarm();
    giveUp(error);
  };
  const aborted = () => stop(abortedError(name, signal!));
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => stop(new LibvirtError('timeout', `${name}: no answer within ${timeoutMs} ms`)), timeoutMs);
  signal?.addEventListener('abort', aborted, { once: true });
  return disarm;
}

function abortedError(name: string, signal: AbortSignal): LibvirtError {
  return new LibvirtError('aborted', `${name} was aborted`, { cause: signal.reason });
}
