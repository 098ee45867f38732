import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Block } from '@hypervigil/policy';
import { isForbiddenAddress } from '@hypervigil/threat-feeds';

/** A name leads to where this server does not connect for others. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly host: string;
  readonly address: string;
  constructor(host: string, address: string) {
    super(`${host} leads to ${address}`);
    this.host = host;
    this.address = address;
  }
}

/** The host of an address (URL), IPv6 without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

/**
 * Nothing is looked up for a host that is an address, so this is asked before connecting.
 * @param allowed special addresses that the operator allows
 * @throws ForbiddenAddress
 */
export function requireAllowedHost(host: string, allowed: readonly Block[]): void {
  if (isIP(host) !== 0) requireAllowed(host, host, allowed);
}

/**
 * Whoever may name an address makes this server connect to it, so only what is on the internet, or allowed, is connected to.
 * The socket connects to what was checked, so that a name cannot lead elsewhere between the check and the connection.
 */
export const guardedLookup =
  (allowed: readonly Block[]): LookupFunction =>
  (host, options, callback) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      try {
        for (const { address } of found) requireAllowed(host, address, allowed);
      } catch (refused) {
        return callback(refused as Error, []);
      }
      const [first] = found;
      if (options.all || !first) callback(null, found);
      else callback(null, first.address, first.family);
    });

function requireAllowed(host: string, address: string, allowed: readonly Block[]): void {
  if (isForbiddenAddress(address, allowed)) throw new ForbiddenAddress(host, address);
}
