import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { LabError } from '../errors.ts';
import { patiently, waitFor } from '../wait.ts';

export interface GuestExecOptions {
  /** Seconds until the guest kills the command; 30 unless told, at most 3,600. */
  readonly timeoutS?: number;
  readonly input?: string;
}

export interface GuestResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** A guest's answer holds at most 1 MiB each of stdout and stderr, every byte of which may be escaped to six. */
const MAX_LINE = 16 * 1024 * 1024;

/** One line from a guest, which may be anything: undefined unless it answers request `id`. */
export function parseAnswer(line: string, id: string): GuestResult | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const answer = value as Record<string, unknown>;
  const { code, stdout, stderr, timedOut } = answer;
  if (answer['id'] !== id || typeof code !== 'number' || typeof stdout !== 'string' || typeof stderr !== 'string')
    return undefined;
  return { code, stdout, stderr, timedOut: timedOut === true };
}

/** A socket that QEMU serves; while QEMU serves others its queue of one may be full, which says EAGAIN. */
async function connectTo(path: string, timeoutMs: number): Promise<Socket> {
  return waitFor(`turn at ${path}`, () => tryConnect(path), { timeoutMs });
}

function tryConnect(path: string): Promise<Socket | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket | undefined>();
  const socket = connect(path);
  const refused = (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EAGAIN') resolve(undefined);
    else reject(new LabError('LAB_GUEST', `Cannot reach the guest behind ${path}`, cause));
  };
  socket.once('error', refused);
  socket.once('connect', () => {
    socket.off('error', refused);
    resolve(socket);
  });
  return promise;
}

/** For the guest to boot, and for the callers before us. */
const PATIENCE_S = 30;

const REPEAT_MS = 5_000;

/** Sends one command through a guest's control channel and waits for its answer; several callers take turns. */
export async function askGuest(
  path: string,
  argv: readonly string[],
  options: GuestExecOptions = {},
): Promise<GuestResult> {
  const id = randomUUID();
  const timeoutS = options.timeoutS ?? 30;
  const input = options.input === undefined ? {} : { input: options.input };
  const socket = await connectTo(path, (timeoutS + PATIENCE_S) * 1000);
  // The empty line ends whatever a caller before us left unfinished.
  const request = `\n${JSON.stringify({ id, argv, timeoutS, ...input })}\n`;
  socket.write(request);
  // What is under way at the moment of a migration may be lost; the guest carries out each id once.
  const repeat = setInterval(() => socket.write(request), REPEAT_MS);
  return answerTo(id, socket, path, patiently(timeoutS + PATIENCE_S)).finally(() => clearInterval(repeat));
}

function answerTo(id: string, socket: Socket, path: string, seconds: number): Promise<GuestResult> {
  const { promise, resolve, reject } = Promise.withResolvers<GuestResult>();
  const fail = (why: string, cause?: unknown) => {
    reject(new LabError('LAB_GUEST', `${why}: the guest behind ${path}`, cause));
    socket.destroy();
  };
  const patience = setTimeout(() => fail(`No answer within ${seconds} s`), seconds * 1000);
  let pending = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    const answer = lines.map((line) => parseAnswer(line, id)).find((a) => a !== undefined);
    if (answer) {
      resolve(answer);
      socket.destroy();
    } else if (pending.length > MAX_LINE) fail(`More than ${MAX_LINE} characters in a line`);
  });
  socket.on('error', (cause) => fail('Broken connection', cause));
  socket.on('close', () => {
    clearTimeout(patience);
    fail('Closed before the answer');
  });
  return promise;
}
