import { LibvirtError } from '../errors.ts';

/** libvirt sends no longer string than this (REMOTE_STRING_MAX). */
export const MAX_LENGTH = 4_194_304;
/** Domain XML nests about ten deep. */
export const MAX_DEPTH = 64;

export function badXml(what: string, at?: number): LibvirtError {
  return new LibvirtError('bad-xml', at === undefined ? `XML: ${what}` : `XML, character ${at}: ${what}`);
}
