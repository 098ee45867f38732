import { GatewayName, GatewayRecognised, GatewayTuple } from '@hypervigil/contract';
import { z } from 'zod';

const Seen = GatewayTuple.omit({ net: true }).extend({
  vlan: z.int().min(0).max(4095).nullable(),
  atMs: z.int().min(0),
});

const Mark = z.int().min(0).max(0xffff_ffff);

/** What the detector tells, a line of JSON each. */
export const DetectorReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('running'), version: z.string().max(64) }),
  Seen.extend({
    type: z.literal('recognised'),
    /** Of the connection, as the rules in force have judged it. */
    mark: Mark,
    recognised: GatewayRecognised,
    kind: GatewayName.shape.kind,
    details: GatewayName.shape.details,
  }),
  Seen.extend({
    type: z.literal('asked'),
    name: GatewayName.shape.name,
    details: GatewayName.shape.details,
  }),
  Seen.extend({ type: z.literal('denied'), mark: Mark, bytes: z.int().min(0) }),
]);
export type DetectorReport = z.infer<typeof DetectorReport>;
