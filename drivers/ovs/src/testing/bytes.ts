/**
 * Bytes as they are written in a protocol's description: hexadecimal, with a remark after `//` on each line.
 *
 *     bytes(`06 00 0008 00000001 // version 1.5, HELLO, length 8, xid 1`)
 */
export function bytes(text: string): Buffer {
  const digits = text.replace(/\/\/.*$/gm, '').replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`not whole bytes in hexadecimal: ${digits}`);
  return Buffer.from(digits, 'hex');
}
