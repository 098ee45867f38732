import { PlatformMessage } from '@hypervigil/contract';
import { EngineError } from '../errors.ts';

/** Reads a frame of the platform. Throws `bad-frame`; its length was bounded when it was received. */
export function decodeFrame(text: string): PlatformMessage {
  try {
    return PlatformMessage.parse(JSON.parse(text));
  } catch (cause) {
    throw new EngineError('bad-frame', 'The platform sent what this engine cannot read', { cause });
  }
}
