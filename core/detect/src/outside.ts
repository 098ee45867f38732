import type { AlertPeer } from '@hypervigil/model';

/**
 * What the internet does not carry: private use (RFC 1918), shared (RFC 6598), link-local (RFC 3927, RFC 4291), loopback, unique
 * local (RFC 4193). Machines there are the provider's or the tenant's, though no VM of the cloud.
 */
const INSIDE_V4 =
  /^(?:0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const INSIDE_V6 = /^(?:f[cd]|fe[89ab])|^::1?$/i;

/** Whether the other end is somewhere in the internet. */
export const isOutside = ({ ip, vmId }: Pick<AlertPeer, 'ip' | 'vmId'>): boolean =>
  vmId === null && !(ip.includes(':') ? INSIDE_V6 : INSIDE_V4).test(ip);
