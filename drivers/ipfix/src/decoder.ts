import { FlowRecord } from './flow-record.ts';
import { parseHeader, type SetsHeader } from './header.ts';
import { NETFLOW5 } from './netflow5.ts';
import { type ExportTime, MAX_ROWS, Rows } from './rows.ts';
import { SLOT_COUNT } from './slots.ts';
import { type DecoderStats, newStats } from './stats.ts';
import { Template } from './template.ts';
import { type CacheLimits, DEFAULT_LIMITS, type Domain, type Exporter, TemplateCache } from './template-cache.ts';
import { parseTemplate, WITHDRAWAL } from './template-record.ts';

export interface DecoderOptions {
  readonly limits?: Partial<CacheLimits>;
}

export interface IpfixDecoder {
  /**
   * Reads one message (a datagram) and calls back for each flow in it, at once and in order.
   *
   * Never throws on what it reads: what cannot be understood is counted in {@link IpfixDecoder.stats} and left out.
   * @param exporter names the transport session: templates and sequence numbers are kept for each. Use address and port.
   * @param onRecord gets the same object each time; clone it to keep it
   * @param length of the message, when it does not fill `packet`
   */
  decode(packet: Uint8Array, exporter: string, onRecord: (record: FlowRecord) => void, length?: number): void;
  readonly stats: Readonly<DecoderStats>;
}

/** A decoder of IPFIX (RFC 7011), NetFlow v9 (RFC 3954) and NetFlow v5, told apart by each message's version. */
export function createIpfixDecoder(options: DecoderOptions = {}): IpfixDecoder {
  return new Decoder({ ...DEFAULT_LIMITS, ...options.limits });
}

const SET_HEADER = 4;
const FIRST_DATA_SET = 256;

/** The records of one set: octets `start` to `end` of the packet, of the template's shape. */
interface DataSet {
  readonly packet: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly template: Template;
  readonly time: ExportTime;
  readonly onRecord: (record: FlowRecord) => void;
}

class Decoder implements IpfixDecoder {
  readonly stats: DecoderStats = newStats();
  readonly #cache: TemplateCache;
  readonly #rows = new Rows();
  readonly #record = new FlowRecord(this.#rows.values);
  /** Of the buffer that the last packet lay in; collectors use one buffer for many. */
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(limits: CacheLimits) {
    this.#cache = new TemplateCache(limits);
  }

  decode(
    packet: Uint8Array,
    exporterName: string,
    onRecord: (record: FlowRecord) => void,
    length = packet.length,
  ): void {
    this.stats.messages++;
    if (this.#view.buffer !== packet.buffer) this.#view = new DataView(packet.buffer);
    const header = parseHeader(packet, length);
    if (typeof header === 'string') {
      this.stats.malformed[header]++;
      return;
    }
    const exporter = this.#cache.exporter(exporterName);
    const domain = this.#cache.domain(exporter, header.domain);
    if (domain === null) {
      this.stats.malformed['too-many-domains']++;
      return;
    }
    this.#record.exporter = exporterName;
    this.#record.domain = header.domain;
    const units =
      header.version === 5
        ? this.#dataSet({ packet, ...header, template: NETFLOW5, time: header, onRecord })
        : this.#sets(packet, header, exporter, domain, onRecord);
    const { lost, reset } = exporter.sequence.observe(domain.expected, header.sequence, units);
    this.stats.lost += lost;
    if (reset) this.stats.sequenceResets++;
  }

  /** @returns what its sequence number counts, or null where that cannot be told */
  #sets(
    packet: Uint8Array,
    header: SetsHeader,
    exporter: Exporter,
    domain: Domain,
    onRecord: (record: FlowRecord) => void,
  ): number | null {
    let units: number | null = 0;
    let at = header.start;
    while (header.end - at >= SET_HEADER) {
      const id = (packet[at]! << 8) | packet[at + 1]!;
      const setLength = (packet[at + 2]! << 8) | packet[at + 3]!;
      // A short length would never end; zeros here are NetFlow exporters' padding.
      if (setLength < SET_HEADER || at + setLength > header.end) {
        this.stats.malformed['set-length']++;
        units = null;
        break;
      }
      const end = at + setLength;
      if (id >= FIRST_DATA_SET) {
        const template = this.#cache.find(exporter, domain, id);
        if (template === null) {
          this.stats.setsWithoutTemplate++;
          units = null;
        } else {
          const records = this.#dataSet({ packet, start: at + SET_HEADER, end, template, time: header, onRecord });
          if (units !== null) units += records;
        }
      } else if (id === header.templateSet || id === header.optionsSet) {
        this.#templateSet(packet, at + SET_HEADER, end, exporter, domain, header.version, id === header.optionsSet);
      }
      at = end;
    }
    return header.version === 9 ? 1 : units;
  }

  /** @returns the number of records */
  #dataSet(set: DataSet): number {
    this.#record.shape = set.template;
    const records = set.template.hasVariable ? this.#variableRecords(set) : this.#fixedRecords(set);
    if (set.template.isOptions) this.stats.optionsRecords += records;
    else this.stats.records += records;
    return records;
  }

  /** What is shorter than a record at the end is padding (RFC 7011, 3.3.1). */
  #fixedRecords(set: DataSet): number {
    const length = set.template.minLength;
    const records = Math.floor((set.end - set.start) / length);
    for (let first = 0; first < records; first += MAX_ROWS)
      this.#handOver(set, set.start + first * length, length, Math.min(MAX_ROWS, records - first));
    return records;
  }

  #variableRecords(set: DataSet): number {
    let records = 0;
    let at = set.start;
    while (set.end - at >= set.template.minLength) {
      const length = set.template.locate(set.packet, at, set.end);
      if (length < 0) {
        this.stats.malformed['record-length']++;
        break;
      }
      this.#handOver(set, at, length, 1);
      records++;
      at += length;
    }
    return records;
  }

  /** Calls back for `count` records of one length, at most {@link MAX_ROWS}; options records are counted only. */
  #handOver({ packet, template, time, onRecord }: DataSet, at: number, length: number, count: number): void {
    if (template.isOptions) return;
    this.#rows.read(this.#view, packet.byteOffset + at, length, count, template, time);
    for (let row = 0; row < count; row++) {
      this.#record.row = row * SLOT_COUNT;
      onRecord(this.#record);
    }
  }

  #templateSet(
    packet: Uint8Array,
    start: number,
    end: number,
    exporter: Exporter,
    domain: Domain,
    version: 9 | 10,
    isOptions: boolean,
  ): void {
    let at = start;
    while (end - at >= SET_HEADER) {
      const parsed = parseTemplate(packet, at, end, version, isOptions);
      if (parsed === 'padding') return;
      if (typeof parsed === 'string') {
        this.stats.malformed[parsed]++;
        return;
      }
      at = parsed.end;
      if (parsed.fields === WITHDRAWAL) {
        this.stats.withdrawals++;
        if (parsed.id < FIRST_DATA_SET) this.#cache.withdrawAll(exporter, domain, isOptions);
        else this.#cache.withdraw(exporter, domain, parsed.id);
        continue;
      }
      this.stats.templates++;
      const defined = this.#cache.define(exporter, domain, new Template(parsed.id, parsed.fields, isOptions));
      if (!defined) this.stats.templatesRefused++;
    }
  }
}
