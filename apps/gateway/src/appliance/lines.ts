import type { Readable } from 'node:stream';

/** Calls back for each line of a program's output. One that is longer than `maxLength` is passed over. */
export function onLines(input: Readable, maxLength: number, onLine: (line: string) => void): void {
  let pending = '';
  let isTooLong = false;
  input.setEncoding('utf8');
  input.on('data', (text: string) => {
    const parts = text.split('\n');
    for (const [i, part] of parts.entries()) {
      pending += isTooLong ? '' : part;
      if (pending.length > maxLength) {
        pending = '';
        isTooLong = true;
      }
      if (i === parts.length - 1) continue;
      if (!isTooLong) onLine(pending);
      pending = '';
      isTooLong = false;
    }
  });
}
