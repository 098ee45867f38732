import { z } from 'zod';
import { Id } from './ids.ts';

/** Number of a gateway or of a group of them: sixteen bits in a connection's label, never given twice. */
export const GatewayNum = z.int().min(1).max(0xffff);
export type GatewayNum = z.infer<typeof GatewayNum>;

/** Of a group of gateways: a kind of its own, for `groupId` alone says a group of vNICs. */
export const GatewayGroupId = Id.clone();

/** What becomes of inspected flows that no gateway can take: `closed` denies them, `open` lets them pass as they are. */
export const ON_FAILURE = ['closed', 'open'] as const;
export const OnFailure = z.enum(ON_FAILURE);
export type OnFailure = z.infer<typeof OnFailure>;

/** Groups of gateways that an inspected flow passes one after the other, at most. */
export const MAX_LINKS = 3;

/** Frames of a network carry its number as VLAN while they are with a gateway: this is the largest that can. */
export const LARGEST_GATEWAY_NETWORK = 4094;

/** Frames of this type ask whether a gateway passes anything, and pass whatever its rules: "Local Experimental" (IEEE 802). */
export const GATEWAY_PROBE_ETHERTYPE = 0x88b5;
