/** Why a message, or the rest of it, was left out. */
export type MalformedReason =
  | 'short'
  | 'version'
  | 'message-length'
  | 'set-length'
  | 'record-length'
  | 'template'
  | 'too-many-domains';

/** Counters since the decoder was made. They only grow. */
export interface DecoderStats {
  messages: number;
  /** Flows handed over. */
  records: number;
  /** Records of options templates (about the exporter itself); they are not handed over. */
  optionsRecords: number;
  /** Template records read, those seen before included. */
  templates: number;
  /** Templates for which there was no room. */
  templatesRefused: number;
  withdrawals: number;
  /** Data sets left out because their template has not come yet. */
  setsWithoutTemplate: number;
  /** Records (IPFIX, NetFlow v5) or packets (NetFlow v9) that sequence numbers show as missing. */
  lost: number;
  /** Times that a sequence number went backwards: reordered messages, or an exporter that began anew. */
  sequenceResets: number;
  readonly malformed: Record<MalformedReason, number>;
}

export function newStats(): DecoderStats {
  return {
    messages: 0,
    records: 0,
    optionsRecords: 0,
    templates: 0,
    templatesRefused: 0,
    withdrawals: 0,
    setsWithoutTemplate: 0,
    lost: 0,
    sequenceResets: 0,
    malformed: {
      short: 0,
      version: 0,
      'message-length': 0,
      'set-length': 0,
      'record-length': 0,
      template: 0,
      'too-many-domains': 0,
    },
  };
}
