import type { FlowEnd, NameDetails, NameKind } from '@hypervigil/model';

/** A name that passed a gateway. */
export interface NameRow {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly hostId: string;
  readonly gatewayNum: number | null;
  readonly gatewayId: string | null;
  readonly networkId: string | null;
  readonly protocol: number;
  /** Who asked or spoke, and whom. */
  readonly src: FlowEnd;
  readonly dst: FlowEnd;
  readonly kind: NameKind;
  readonly name: string;
  readonly details: NameDetails;
}

export interface StoredName extends NameRow {
  readonly id: string;
}
