import { EngineMessage, type PlatformMessage } from '@hypervigil/contract';

/** What an engine sent is not what was agreed. The connection is not worth keeping. */
export class FrameError extends Error {
  readonly code = 'bad-frame';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FrameError';
  }
}

/** @throws FrameError */
export function decodeFrame(data: Buffer, isBinary: boolean): EngineMessage {
  if (isBinary) throw new FrameError('a binary frame, where only text is spoken');
  const parsed = EngineMessage.safeParse(parseJson(data));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FrameError(`not a message: ${issue?.path.map(String).join('.').slice(0, 200)}: ${issue?.message}`);
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (cause) {
    throw new FrameError('not JSON', { cause });
  }
}

export function encodeFrame(message: PlatformMessage): string {
  return JSON.stringify(message);
}
