import type { Bandwidth, ConnectionRate } from '@hypervigil/model';
import { PipelineError } from './errors.ts';

/** What a flow's `meter` action names: a bucket of `burst` that fills by `rate` each second; what is over it is dropped. */
export interface MeterSpec {
  readonly id: number;
  readonly unit: 'kbps' | 'pktps';
  readonly rate: number;
  /** In kilobits, or packets. */
  readonly burst: number;
}

/** What a meter limits: the first four of a vNIC, the others of a rule. */
const METERS = {
  bandwidthOut: 1,
  bandwidthIn: 2,
  newOut: 3,
  newIn: 4,
  ruleNew: 5,
  ruleBandwidth: 6,
} as const;
export type MeterKind = keyof typeof METERS;

/** Room for kinds in an id. */
const KINDS = 8;
/** OFPM_MAX (OpenFlow 1.5.1, 7.3.4.5). Open vSwitch takes any id up to it, however few meters there are. */
const LARGEST = 0xffff_0000;

/**
 * A meter's id says whose it is (`num` of a vNIC or a rule), so that a restart changes none, and counters find their way back.
 * Throws {@link PipelineError} for a number that no id has room for.
 */
export function meterId(kind: MeterKind, num: number): number {
  const id = num * KINDS + METERS[kind];
  if (id > LARGEST) throw new PipelineError('number-too-large', `No meter can be made for number ${num}.`);
  return id;
}

/** Undefined for a meter that is not the pipeline's. */
export function decodeMeter(id: number): { readonly kind: MeterKind; readonly num: number } | undefined {
  const kind = (Object.keys(METERS) as MeterKind[]).find((name) => METERS[name] === id % KINDS);
  return kind && { kind, num: Math.floor(id / KINDS) };
}

const SMALLEST_DEFAULT_KBIT = 2_000;

export function bandwidthMeter(id: number, { kbps, burstKbit }: Bandwidth): MeterSpec {
  return { id, unit: 'kbps', rate: kbps, burst: burstKbit ?? Math.max(SMALLEST_DEFAULT_KBIT, Math.ceil(kbps / 5)) };
}

export function connectionMeter(id: number, { perSecond, burst }: ConnectionRate): MeterSpec {
  return { id, unit: 'pktps', rate: perSecond, burst: burst ?? perSecond };
}
