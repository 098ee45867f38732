import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { SmtpError } from './errors.ts';
import { createReplyReader, type Reply, replyText } from './reply.ts';

/** A conversation with a mail server: one command, one reply. */
export interface Session {
  /** The server's greeting, and its answer to what was sent before. */
  next(): Promise<Reply>;
  /** @throws SmtpError `refused` when the reply begins with another digit */
  say(line: string, expected: 2 | 3): Promise<Reply>;
  /** Goes on within TLS, over the same connection. */
  secure(options: ConnectionOptions): Promise<void>;
  /** Says nothing more. */
  end(): void;
}

/** @param socket connected; it is the session's from now on */
export function createSession(socket: Socket): Session {
  let current = socket;
  let stop = () => {};
  let replies: Reply[] = [];
  let waiting: PromiseWithResolvers<Reply> | undefined;
  let failure: unknown;

  function fail(error: unknown): void {
    failure ??= error;
    waiting?.reject(failure);
    waiting = undefined;
    current.destroy();
  }

  function listen(to: Socket): void {
    const read = createReplyReader();
    const onData = (piece: Buffer) => {
      try {
        replies.push(...read(piece));
      } catch (error) {
        return fail(error);
      }
      const [first] = replies;
      if (waiting === undefined || first === undefined) return;
      replies.shift();
      waiting.resolve(first);
      waiting = undefined;
    };
    const onClose = () => fail(new SmtpError('closed'));
    to.on('data', onData).on('error', fail).on('close', onClose);
    stop = () => void to.off('data', onData).off('close', onClose);
  }
  listen(socket);

  async function next(): Promise<Reply> {
    const first = replies.shift();
    if (first !== undefined) return first;
    if (failure !== undefined) throw failure;
    waiting = Promise.withResolvers<Reply>();
    return waiting.promise;
  }

  return {
    next,
    async say(line, expected) {
      current.write(`${line}\r\n`);
      const reply = await next();
      if (Math.floor(reply.code / 100) !== expected) throw new SmtpError('refused', replyText(reply));
      return reply;
    },
    async secure(options) {
      stop();
      // What came in the clear behind the answer to STARTTLS was put there by somebody in between (CVE-2011-0411).
      replies = [];
      const secured = connectTls({ ...options, socket: current });
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      secured.once('secureConnect', resolve).once('error', reject);
      current = secured;
      await promise;
      listen(secured);
    },
    end() {
      stop();
      current.end();
      current.destroySoon();
    },
  };
}
