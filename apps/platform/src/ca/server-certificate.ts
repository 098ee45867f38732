import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Config } from '../config.ts';

/** Names and addresses at which this machine may be reached: what the server certificate is for. */
export function serverNames(config: Config): string[] {
  const bound = config.httpsAddress;
  const addresses = isEverywhere(bound)
    ? Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
    : [bound];
  // A link-local address carries its interface (`fe80::1%eth0`), which a certificate cannot.
  const usable = addresses.filter((address) => !address.includes('%') && !address.startsWith('fe80:'));
  const url = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  return [...new Set([...url, ...config.tlsNames, hostname(), 'localhost', '127.0.0.1', '::1', ...usable])];
}

/** The address that engines are told. */
export function publicUrl(config: Config, httpsPort: number): string {
  const bound = config.httpsAddress;
  const name = isEverywhere(bound) ? hostname() : isIPv6(bound) ? `[${bound}]` : bound;
  return (config.publicUrl ?? `https://${name}:${httpsPort}`).replace(/\/+$/, '');
}

const isEverywhere = (address: string) => address === '0.0.0.0' || address === '::';
