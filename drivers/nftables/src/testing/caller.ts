import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Call {
  readonly protocol: 'tcp' | 'udp';
  /** Calls from this address instead of the one that the route gives. */
  readonly from?: string;
  readonly to: string;
  readonly port: number;
}

type Outcome = 'answered' | 'refused' | 'failed';

/** A call on its way. What a firewall drops is never answered. */
export interface Calling {
  /**
   * What became of it: `answered`, `refused` by a machine that has no such listener, or `failed` because this machine
   * did not even send it. Rejects when nothing did for half a minute.
   */
  outcome(): Promise<Outcome>;
  /** True once the other end has said anything. */
  isOver(): boolean;
  cancel(): void;
}

const DEADLINE_MS = 30_000;

/** A process inside a network namespace that calls and takes calls for a test. */
export interface Caller {
  readonly pid: number;
  call(call: Call): Calling;
  /** Listens at every address and sends back what comes. */
  listen(protocol: 'tcp' | 'udp', port: number): Promise<void>;
  /** Listens at every address, and leads what comes to a unix socket. */
  relay(port: number, socket: string): Promise<void>;
  /** A connection that stays: `exchange` sends a number and resolves when it has come back. */
  connect(to: string, port: number): Promise<{ exchange(): Calling }>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./caller-main.ts', import.meta.url));

export async function startCaller(namespace: string): Promise<Caller> {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, (outcome: Outcome) => void>();
  const ready = Promise.withResolvers<void>();
  child.once('error', ready.reject);
  child.once('exit', (code) => ready.reject(new Error(`the caller in ${namespace} ended with ${code}`)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, outcome } = JSON.parse(line) as { id: number; outcome: Outcome };
    if (id === 0) ready.resolve();
    waiting.get(id)?.(outcome);
    waiting.delete(id);
  });
  await ready.promise;

  let last = 0;
  const tell = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  const begin = (message: object): Calling => {
    const id = ++last;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    let isOver = false;
    waiting.set(id, (outcome) => {
      isOver = outcome !== 'failed';
      resolve(outcome);
    });
    tell({ id, ...message });
    return {
      outcome: () => withDeadline(promise, JSON.stringify(message)),
      isOver: () => isOver,
      cancel: () => tell({ id, do: 'cancel' }),
    };
  };
  return {
    pid: child.pid ?? 0,
    call: (call) => begin({ do: 'call', ...call }),
    async listen(protocol, port) {
      await begin({ do: 'listen', protocol, port }).outcome();
    },
    async relay(port, socket) {
      await begin({ do: 'relay', port, socket }).outcome();
    },
    async connect(to, port) {
      const connection = ++last;
      await begin({ do: 'connect', connection, to, port }).outcome();
      return { exchange: () => begin({ do: 'exchange', connection }) };
    },
    stop: () => end(child),
  };
}

async function withDeadline<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: nothing within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
