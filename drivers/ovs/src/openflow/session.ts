import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { OvsError } from '../errors.ts';
import { type Address, connectSocket, describeAddress } from '../socket.ts';
import { bundleControl, encodeBundleAdd, encodeBundleControl } from './bundle.ts';
import { readError } from './errors.ts';
import type { FlowMod } from './flow-mod.ts';
import { encodeFlowRequest, type FlowFilter, type RawFlow, readFlows } from './flow-stats.ts';
import { checkHello, encodeHello } from './hello.ts';
import { createMessageFramer, encodeMessage, type Message, messageType } from './message.ts';
import { readTables, type TableStats } from './table-stats.ts';

/** A connection to one bridge's management socket that speaks OpenFlow 1.5. */
export interface OpenFlowSession {
  /**
   * Applies all or nothing, in order, and packets see all or nothing. Rejects with `openflow-error`, whose
   * `details.index` says which one the switch refused.
   */
  commit(flows: readonly FlowMod[]): Promise<void>;
  readFlows(filter?: FlowFilter): Promise<RawFlow[]>;
  readTables(): Promise<TableStats[]>;
  /** Resolves when the switch has done everything sent before. */
  barrier(): Promise<void>;
  /** Resolves once: with the reason, or with undefined after our own `close`. */
  readonly closed: Promise<OvsError | undefined>;
  close(): void;
}

export interface OpenFlowOptions {
  /** How long the switch may take to say the next thing while something is asked of it. */
  readonly timeoutMs?: number;
}

const multipart = { flow: 1, table: 3, more: 1 } as const;

/** What waits for answers with its xid, or, for a bundle, with any xid of a range. */
interface Exchange {
  readonly firstXid: number;
  readonly lastXid: number;
  readonly what: string;
  /** True when it was the last answer. */
  take(message: Message): boolean;
  fail(error: OvsError): void;
}

export async function connectOpenFlow(
  address: Address,
  { timeoutMs = 30_000 }: OpenFlowOptions = {},
): Promise<OpenFlowSession> {
  const stream = await connectSocket(address);
  const session = createSession(stream, describeAddress(address), timeoutMs);
  await session.greeted;
  return session;
}

function createSession(stream: Duplex, peer: string, timeoutMs: number): OpenFlowSession & { greeted: Promise<void> } {
  const framer = createMessageFramer();
  const ended = Promise.withResolvers<OvsError | undefined>();
  const greeting = Promise.withResolvers<void>();
  const exchanges = new Set<Exchange>();
  /** Why nothing can be asked any more. */
  let over: OvsError | undefined;
  let greeted = false;
  let nextXid = 1;
  let nextBundle = 1;

  const close = (reason?: OvsError): void => {
    if (over) return;
    over = reason ?? new OvsError('closed', `The session with the switch at ${peer} was closed.`);
    clearTimeout(timer);
    stream.destroy();
    greeting.reject(over);
    for (const exchange of exchanges) exchange.fail(over);
    exchanges.clear();
    ended.resolve(reason);
  };
  // One timer for all: the switch may be silent only while nothing is asked of it.
  const timer = setTimeout(() => {
    if (greeted && exchanges.size === 0) timer.refresh();
    else close(new OvsError('timeout', `The switch at ${peer} said nothing for ${timeoutMs} ms.`));
  }, timeoutMs);
  timer.unref();

  const receive = (message: Message): void => {
    if (message.type === messageType.hello) {
      checkHello(message);
      greeted = true;
      greeting.resolve();
      return;
    }
    if (message.type === messageType.echoRequest) {
      stream.write(encodeMessage(messageType.echoReply, message.xid, message.body));
      return;
    }
    for (const exchange of exchanges) {
      if (message.xid < exchange.firstXid || message.xid > exchange.lastXid) continue;
      if (exchange.take(message)) exchanges.delete(exchange);
      return;
    }
    // Port status and other things nobody asked for.
  };

  stream.on('data', (bytes: Buffer) => {
    timer.refresh();
    try {
      for (const message of framer.push(bytes)) if (!over) receive(message);
    } catch (error) {
      close(
        error instanceof OvsError ? error : new OvsError('protocol', `${peer} was not understood.`, { cause: error }),
      );
    }
  });
  stream.on('error', (cause) =>
    close(new OvsError('closed', `The session with the switch at ${peer} broke.`, { cause })),
  );
  stream.on('end', () => close(new OvsError('closed', `The switch at ${peer} closed the session.`)));
  stream.on('close', () => close(new OvsError('closed', `The switch at ${peer} closed the session.`)));
  greeting.promise.catch(() => undefined);
  stream.write(encodeMessage(messageType.hello, 0, encodeHello()));

  /** The first of so many transaction ids in a row; they have 32 bits. */
  const takeXids = (count: number): number => {
    if (nextXid + count > 0xffff_ffff) nextXid = 1;
    nextXid += count;
    return nextXid - count;
  };

  /** Sends a request and gathers the answers until `isLast`. */
  const ask = (what: string, type: number, body: Buffer, isLast: (message: Message) => boolean): Promise<Message[]> => {
    if (over) return Promise.reject(over);
    const xid = takeXids(1);
    const { promise, resolve, reject } = Promise.withResolvers<Message[]>();
    const answers: Message[] = [];
    exchanges.add({
      firstXid: xid,
      lastXid: xid,
      what,
      take(message) {
        if (message.type === messageType.error) {
          reject(readError(message, what));
          return true;
        }
        answers.push(message);
        if (!isLast(message)) return false;
        resolve(answers);
        return true;
      },
      fail: reject,
    });
    timer.refresh();
    stream.write(encodeMessage(type, xid, body));
    return promise;
  };

  const askMultipart = async (what: string, type: number, body: Buffer): Promise<Buffer[]> => {
    const header = Buffer.alloc(8);
    header.writeUInt16BE(type, 0);
    const answers = await ask(what, messageType.multipartRequest, Buffer.concat([header, body]), ({ body: answer }) => {
      if (answer.length < 8 || answer.readUInt16BE(0) !== type)
        throw new OvsError('protocol', `The switch answered ${what} with something else.`);
      return (answer.readUInt16BE(2) & multipart.more) === 0;
    });
    return answers.map(({ body: answer }) => answer.subarray(8));
  };

  const barrier = async (): Promise<void> => {
    await ask('a barrier', messageType.barrierRequest, Buffer.alloc(0), () => true);
  };

  const control = async (bundle: number, type: number, what: string): Promise<void> => {
    await ask(what, messageType.bundleControl, encodeBundleControl(bundle, type), () => true);
  };

  /** Writes the flows in pieces as the socket takes them. */
  const sendFlows = async (bundle: number, firstXid: number, flows: readonly FlowMod[]): Promise<void> => {
    const pieceBytes = 256 << 10;
    let piece: Buffer[] = [];
    let size = 0;
    for (const [index, flow] of flows.entries()) {
      const message = encodeBundleAdd(bundle, firstXid + index, flow);
      piece.push(message);
      size += message.length;
      if (size < pieceBytes && index + 1 < flows.length) continue;
      if (!stream.write(Buffer.concat(piece)) && !over)
        await Promise.race([once(stream, 'drain').catch(() => undefined), ended.promise]);
      timer.refresh();
      [piece, size] = [[], 0];
    }
  };

  const commit = async (flows: readonly FlowMod[]): Promise<void> => {
    if (flows.length === 0) return;
    const bundle = nextBundle++;
    await control(bundle, bundleControl.open, 'to open a bundle');
    const firstXid = takeXids(flows.length);
    let refused: OvsError | undefined;
    const watch: Exchange = {
      firstXid,
      lastXid: firstXid + flows.length - 1,
      what: 'a flow',
      take(message) {
        const index = message.xid - firstXid;
        if (message.type === messageType.error)
          refused ??= readError(message, `flow ${index} of the bundle`, { index });
        return false;
      },
      fail: () => undefined,
    };
    exchanges.add(watch);
    try {
      await sendFlows(bundle, firstXid, flows);
      // Open vSwitch leaves a message that it cannot read out of the bundle and would commit the others: ask first.
      await barrier();
      if (refused) await control(bundle, bundleControl.discard, 'to discard a bundle');
      else await control(bundle, bundleControl.commit, 'to commit a bundle');
    } catch (error) {
      throw refused ?? error;
    } finally {
      exchanges.delete(watch);
    }
    if (refused) throw refused;
  };

  // A bundle is one exchange of several messages; a second one would only make both slower.
  let queue: Promise<unknown> = Promise.resolve();
  return {
    greeted: greeting.promise,
    commit(flows) {
      const turn = queue.then(() => commit(flows));
      queue = turn.catch(() => undefined);
      return turn;
    },
    readFlows: async (filter = {}) =>
      (await askMultipart('to tell its flows', multipart.flow, encodeFlowRequest(filter))).flatMap(readFlows),
    readTables: async () =>
      (await askMultipart('to tell its tables', multipart.table, Buffer.alloc(0))).flatMap(readTables),
    barrier,
    closed: ended.promise,
    close: () => close(),
  };
}
