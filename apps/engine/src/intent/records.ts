import { createHash } from 'node:crypto';
import { EngineError } from '../errors.ts';

/**
 * Texts without line breaks, one a line after its checksum. A checksum covers the one before it, too, so that no record
 * can be missing, swapped or from another file.
 */
export interface Records {
  readonly texts: readonly string[];
  /** The end of the file is no whole record: it was being written as the machine stopped. */
  readonly torn: boolean;
}

/** A record that follows the one with the checksum `previous`; the first follows an empty text. */
export function encodeRecord(previous: string, text: string): { readonly line: string; readonly checksum: string } {
  const checksum = createHash('sha256').update(previous).update(text).digest('hex');
  return { line: `${checksum} ${text}\n`, checksum };
}

/** Throws `bad-intent` when a whole record does not match its checksum, or there is none. */
export function decodeRecords(file: string): Records {
  const lines = file.split('\n');
  const rest = lines.pop();
  let previous = '';
  const texts = lines.map((line) => {
    const text = line.slice(65);
    const record = encodeRecord(previous, text);
    if (record.line !== `${line}\n`)
      throw new EngineError('bad-intent', 'The stored intent does not match its checksum');
    previous = record.checksum;
    return text;
  });
  if (texts.length === 0) throw new EngineError('bad-intent', 'The stored intent is incomplete');
  return { texts, torn: rest !== '' };
}
