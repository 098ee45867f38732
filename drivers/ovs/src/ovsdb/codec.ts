import { OvsError } from '../errors.ts';

/** JSON texts follow each other on the stream with nothing between them (RFC 7047, 4): braces tell where one ends. */
export interface JsonFramer {
  /** Takes bytes as they came and returns the messages they completed. Throws `protocol` or `too-large`; then stop. */
  push(bytes: Uint8Array): unknown[];
}

export interface JsonLimits {
  /** Bytes of one message. A database of 10,000 ports is about 10 MB. */
  readonly maxBytes: number;
  /** Nesting of arrays and objects: what OVSDB uses stays below ten. */
  readonly maxDepth: number;
}

const defaultLimits: JsonLimits = { maxBytes: 64 << 20, maxDepth: 64 };

const quote = 0x22;
const backslash = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b; // { [
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d; // } ]
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function createJsonFramer(limits: Partial<JsonLimits> = {}): JsonFramer {
  const { maxBytes, maxDepth } = { ...defaultLimits, ...limits };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;

  const parse = (last: Uint8Array): unknown => {
    const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
    held = [];
    heldBytes = 0;
    try {
      return JSON.parse(decoder.decode(bytes));
    } catch (cause) {
      throw new OvsError('protocol', 'The peer sent a message that is not JSON.', { cause });
    }
  };

  /** Moves over one byte; true when it ends a message. */
  const step = (byte: number): boolean => {
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === backslash) escaped = true;
      else if (byte === quote) inString = false;
      return false;
    }
    if (byte === quote) inString = true;
    else if (isOpening(byte)) {
      if (++depth > maxDepth) throw new OvsError('too-large', `The peer sent JSON nested deeper than ${maxDepth}.`);
    } else if (isClosing(byte)) return --depth === 0;
    return false;
  };

  const push = (bytes: Uint8Array): unknown[] => {
    const messages: unknown[] = [];
    let start = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (depth === 0 && !isOpening(byte)) {
        if (!isSpace(byte)) throw new OvsError('protocol', 'The peer sent bytes between JSON messages.');
        start = i + 1;
      } else if (step(byte)) {
        messages.push(parse(bytes.subarray(start, i + 1)));
        start = i + 1;
      }
      if (heldBytes + i + 1 - start > maxBytes) {
        throw new OvsError('too-large', `The peer sent a message of more than ${maxBytes} bytes.`);
      }
    }
    if (start < bytes.length) {
      // A copy: a small piece must not keep the socket's whole buffer alive.
      held.push(bytes.slice(start));
      heldBytes += bytes.length - start;
    }
    return messages;
  };

  return { push };
}

export function encodeJson(message: unknown): Buffer {
  return Buffer.from(JSON.stringify(message), 'utf8');
}
