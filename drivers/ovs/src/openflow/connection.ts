import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { OvsError } from '../errors.ts';
import { readError } from './errors.ts';
import { checkHello, encodeHello } from './hello.ts';
import { createMessageFramer, encodeMessage, type Message, messageType } from './message.ts';

/** Questions and answers, matched by transaction id. */
export interface Connection {
  /** Resolves when both sides have agreed on a version. */
  readonly greeted: Promise<void>;
  /** Sends a request and gathers the answers until `isLast`. Rejects with `openflow-error` when the switch refuses `what`. */
  ask(what: string, type: number, body: Buffer, isLast: (message: Message) => boolean): Promise<Message[]>;
  /** Sends whole messages; resolves when the socket takes more. */
  send(messages: readonly Buffer[]): Promise<void>;
  /** Calls `take` with what comes for any of these transaction ids. Returns how to stop. */
  watch(firstXid: number, count: number, take: (message: Message) => void): () => void;
  /** The first of so many transaction ids in a row. */
  takeXids(count: number): number;
  readonly closed: Promise<OvsError | undefined>;
  close(): void;
}

/** Waits for answers with one of its ids. */
interface Exchange {
  readonly firstXid: number;
  readonly count: number;
  /** True when it was the last answer. */
  take(message: Message): boolean;
  fail(error: OvsError): void;
}

/** @param onUnasked takes what nobody asked for: packets, port status; what it throws ends the connection */
export function createConnection(
  stream: Duplex,
  peer: string,
  timeoutMs: number,
  onUnasked: (message: Message) => void = () => {},
): Connection {
  const framer = createMessageFramer();
  const ended = Promise.withResolvers<OvsError | undefined>();
  const greeting = Promise.withResolvers<void>();
  const exchanges = new Set<Exchange>();
  /** Why nothing can be asked any more. */
  let over: OvsError | undefined;
  let greeted = false;
  let nextXid = 1;

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
      const { firstXid, count } = exchange;
      if (message.xid < firstXid || message.xid >= firstXid + count) continue;
      if (exchange.take(message)) exchanges.delete(exchange);
      return;
    }
    onUnasked(message);
  };

  stream.on('data', (bytes: Buffer) => {
    timer.refresh();
    try {
      for (const message of framer.push(bytes)) if (!over) receive(message);
    } catch (cause) {
      close(cause instanceof OvsError ? cause : new OvsError('protocol', `${peer} was not understood.`, { cause }));
    }
  });
  const left = (): void => close(new OvsError('closed', `The switch at ${peer} closed the session.`));
  stream.on('error', (cause) =>
    close(new OvsError('closed', `The session with the switch at ${peer} broke.`, { cause })),
  );
  stream.on('end', left);
  stream.on('close', left);
  greeting.promise.catch(() => undefined);
  stream.write(encodeMessage(messageType.hello, 0, encodeHello()));

  const takeXids = (count: number): number => {
    // They have 32 bits.
    if (nextXid + count > 0xffff_ffff) nextXid = 1;
    nextXid += count;
    return nextXid - count;
  };

  return {
    greeted: greeting.promise,
    takeXids,
    ask(what, type, body, isLast) {
      if (over) return Promise.reject(over);
      const { promise, resolve, reject } = Promise.withResolvers<Message[]>();
      const answers: Message[] = [];
      const firstXid = takeXids(1);
      const take = (message: Message): boolean => {
        if (message.type === messageType.error) {
          reject(readError(message, what));
          return true;
        }
        answers.push(message);
        if (!isLast(message)) return false;
        resolve(answers);
        return true;
      };
      exchanges.add({ firstXid, count: 1, take, fail: reject });
      timer.refresh();
      stream.write(encodeMessage(type, firstXid, body));
      return promise;
    },
    async send(messages) {
      if (!stream.write(Buffer.concat(messages)) && !over) {
        await Promise.race([once(stream, 'drain').catch(() => undefined), ended.promise]);
      }
      timer.refresh();
    },
    watch(firstXid, count, take) {
      const exchange: Exchange = {
        firstXid,
        count,
        take(message) {
          take(message);
          return false;
        },
        fail: () => undefined,
      };
      exchanges.add(exchange);
      return () => void exchanges.delete(exchange);
    },
    closed: ended.promise,
    close: () => close(),
  };
}
