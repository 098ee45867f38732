import { z } from 'zod';
import { FlowEnd } from './flow.ts';
import { Id, Instant } from './ids.ts';
import { GatewayNum } from './inspect.ts';

/** How a name was told: a question about it (DNS), or who was to be spoken to (TLS, HTTP). */
export const NAME_KINDS = ['dns', 'tls', 'http', 'other'] as const;
export const NameKind = z.enum(NAME_KINDS);
export type NameKind = z.infer<typeof NameKind>;

/**
 * What is known beside a name. DNS: `type` of the question, `code` of the answer (absent when nobody answered), `answers`
 * with spaces between; TLS: `version`, `ja3`, `subjectDN` and so on; HTTP: `url`, `code`.
 */
export const NameDetails = z.record(z.string().max(64), z.string().max(1000));
export type NameDetails = z.infer<typeof NameDetails>;

/** A name that passed a gateway. */
export const NameEntry = z.object({
  id: z.string().max(64),
  at: Instant,
  hostId: Id,
  gatewayNum: GatewayNum.nullable(),
  gatewayId: Id.nullable(),
  networkId: Id.nullable(),
  protocol: z.int().min(0).max(255),
  /** Who asked or spoke, and whom. */
  src: FlowEnd,
  dst: FlowEnd,
  kind: NameKind,
  name: z.string().max(1024),
  details: NameDetails,
});
export type NameEntry = z.infer<typeof NameEntry>;
