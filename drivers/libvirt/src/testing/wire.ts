/**
 * Bytes as a person writes them: hex pairs, text in single quotes, and `#` comments to the end of the line.
 *
 *     wire(`
 *       00 00 00 05  'hello' 00 00 00   # a string of 5 bytes with its padding
 *     `)
 */
export function wire(text: string): Buffer {
  const parts: Buffer[] = [];
  for (const [token, quoted] of text.replace(/#[^\n]*/g, '').matchAll(/'([^']*)'|\S+/g)) {
    if (quoted !== undefined) parts.push(Buffer.from(quoted));
    else if (/^([0-9a-f]{2})+$/.test(token)) parts.push(Buffer.from(token, 'hex'));
    else throw new Error(`"${token}" is neither hex nor quoted text`);
  }
  return Buffer.concat(parts);
}
