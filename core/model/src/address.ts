import { z } from 'zod';
import { format } from './format.ts';

/** A unicast MAC address in lower case, `52:54:00:00:00:01`. */
export const Mac = z
  .string()
  .toLowerCase()
  .check(format('mac', /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/));
export type Mac = z.infer<typeof Mac>;

export const Ipv4 = z.ipv4();
export const Ipv6 = z.ipv6();
export const Ip = z.union([Ipv4, Ipv6]);

/** An address block or a single address: `10.0.0.0/8`, `2001:db8::/32`, `10.0.0.7`. */
export const Cidr = z.union([z.cidrv4(), z.cidrv6(), Ipv4, Ipv6]);
export type Cidr = z.infer<typeof Cidr>;

/** A VLAN id that a frame can carry (IEEE 802.1Q). */
export const Vlan = z.int().min(1).max(4094);
