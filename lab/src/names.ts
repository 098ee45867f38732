import { createHash } from 'node:crypto';
import { LabError } from './errors.ts';

/**
 * Names of everything a lab puts outside its own namespaces. The id is short because an interface's name holds 15
 * characters and a unix socket's path 107.
 */
export interface LabNames {
  /** The namespace that holds the management and the trunk bridge. */
  readonly netNamespace: string;
  /** Root's interface on the management network. */
  readonly managementLink: string;
  readonly hostNamespace: (host: string) => string;
}

export function labNames(id: string): LabNames {
  if (!/^[a-z][a-z0-9]{0,7}$/.test(id)) {
    throw new LabError('LAB_BAD_NAME', `Lab id ${JSON.stringify(id)}: use a letter and up to 7 letters or digits`);
  }
  return {
    netNamespace: `${id}-net`,
    managementLink: `${id}mgmt`,
    hostNamespace: (host) => `${id}-${host}`,
  };
}

export function checkHostName(host: string): string {
  if (!/^[a-z][a-z0-9]{0,7}$/.test(host)) {
    throw new LabError('LAB_BAD_NAME', `Host ${JSON.stringify(host)}: use a letter and up to 7 letters or digits`);
  }
  return host;
}

export function checkVmName(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    throw new LabError('LAB_BAD_NAME', `VM ${JSON.stringify(name)}: use a letter and up to 30 of a-z, 0-9 and -`);
  }
  return name;
}

/** Management network of a lab: 10.254.N.0/24; root is .1, the hosts .11, .12 and on. */
export function managementAddress(subnet: number, host?: number): string {
  return `10.254.${subnet}.${host === undefined ? 1 : 11 + host}`;
}

/** The same thing of the same lab has the same id each time (RFC 9562, version 8: made by hashing). */
export function stableUuid(labUuid: string, what: string): string {
  const h = createHash('sha256').update(`${labUuid}/${what}`).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}
