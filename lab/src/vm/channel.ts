import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { LabError } from '../errors.ts';

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

/**
 * Sends one command through a guest's control channel and waits for its answer. QEMU serves one connection at a time;
 * a second caller waits its turn.
 */
export function askGuest(
  socketPath: string,
  argv: readonly string[],
  options: GuestExecOptions = {},
): Promise<GuestResult> {
  const id = randomUUID();
  const timeoutS = options.timeoutS ?? 30;
  const { promise, resolve, reject } = Promise.withResolvers<GuestResult>();
  const socket = connect(socketPath);
  // Time for the guest to boot, and for those before us.
  const patience = setTimeout(
    () => {
      socket.destroy();
      reject(new LabError('LAB_GUEST', `No answer from the guest behind ${socketPath} within ${timeoutS + 30} s`));
    },
    (timeoutS + 30) * 1000,
  );
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('connect', () => {
    // The empty line ends whatever a caller before us left unfinished.
    socket.write(
      `\n${JSON.stringify({ id, argv, timeoutS, ...(options.input !== undefined && { input: options.input }) })}\n`,
    );
  });
  socket.on('data', (text: string) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const answer = parseAnswer(line, id);
      if (answer) {
        clearTimeout(patience);
        socket.destroy();
        resolve(answer);
        return;
      }
    }
    if (pending.length > MAX_LINE) socket.destroy(new Error(`more than ${MAX_LINE} characters in a line`));
  });
  socket.on('error', (cause) => reject(new LabError('LAB_GUEST', `Control channel ${socketPath} failed`, cause)));
  socket.on('close', () => {
    clearTimeout(patience);
    reject(new LabError('LAB_GUEST', `Control channel ${socketPath} closed before the answer`));
  });
  return promise;
}
