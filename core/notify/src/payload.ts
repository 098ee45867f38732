import type { PayloadFormat } from '@hypervigil/model';
import { cefOf } from './cef.ts';
import { jsonOf } from './json.ts';
import type { Message } from './message.ts';
import { ocsfOf } from './ocsf.ts';

/**
 * A message for a program, on one line.
 * @param version of the platform
 */
export function payloadOf(format: PayloadFormat, message: Message, version: string): { type: string; text: string } {
  if (format === 'cef') return { type: 'text/plain; charset=utf-8', text: cefOf(message, version) };
  const content = format === 'json' ? jsonOf(message) : ocsfOf(message, version);
  return { type: 'application/json', text: JSON.stringify(content) };
}
