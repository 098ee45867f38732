import { hash } from 'node:crypto';
import type { EngineMessage, FlowRecord, NameRecord } from '@hypervigil/contract';
import type { FlowRow, FlowStore, NameRow } from '@hypervigil/flowstore';
import { type Inspection, SYNTHETIC_RULES } from '@hypervigil/model';
import type { FlowDirectory } from './directory.ts';

type Batch = Extract<EngineMessage, { type: 'flows' }>;

/** The host that listens for an exporter; undefined for what is none. */
export type HostOfExporter = (exporterId: string) => string | undefined;

interface Ingested {
  /** False of a batch that was stored before. */
  readonly isNew: boolean;
  readonly rows: readonly FlowRow[];
  readonly named: readonly NameRow[];
}

/**
 * Stores a host's batch once: its id, within its host, is remembered together with its rows.
 * @returns what is new
 */
export async function ingest(
  store: Pick<FlowStore, 'append'>,
  directory: FlowDirectory,
  hostId: string,
  { batch, records, names }: Batch,
  hostOfExporter: HostOfExporter,
): Promise<Ingested> {
  // A host speaks for itself, and for the exporters that it was told to listen for.
  const believed = records.filter(({ exporter }) => exporter === undefined || hostOfExporter(exporter) === hostId);
  const rows = believed.map((record) => toRow(directory, hostId, record));
  const named = names.map((record) => toName(directory, hostId, record));
  const { stored } = await store.append(`${hostId}/${batch}`, rows, named);
  return stored ? { isNew: true, rows, named } : { isNew: false, rows: [], named: [] };
}

function toRow(directory: FlowDirectory, hostId: string, record: FlowRecord): FlowRow {
  const rule = directory.rule(record.rule);
  const staged = record.pending === null ? undefined : directory.rule(record.pending.rule);
  const end = endsOn(directory, record.net);
  const src = isForged(record) ? forged(directory, record) : end(record.srcIp, record.srcPort, record.srcMac);
  const dst = end(record.dstIp, record.dstPort, record.dstMac);
  return {
    key: shortKey(record.key),
    hostId: record.exporter ?? hostId,
    point: record.exporter === undefined ? record.point : pointOf(src, dst),
    networkId: directory.networkId(record.net),
    protocol: record.protocol,
    src,
    dst,
    icmpType: record.icmpType,
    icmpCode: record.icmpCode,
    verdict: record.verdict,
    ruleNum: record.rule,
    ruleId: rule?.id ?? null,
    policyId: rule?.policyId ?? null,
    tier: rule?.tier ?? null,
    pending: record.pending && {
      verdict: record.pending.verdict,
      ruleNum: record.pending.rule,
      ruleId: staged?.id ?? null,
      policyId: staged?.policyId ?? null,
    },
    inspection: record.inspection && toInspection(record.inspection),
    revision: record.revision,
    bytes: record.bytes,
    packets: record.packets,
    replyBytes: record.replyBytes,
    replyPackets: record.replyPackets,
    tcpFlags: record.tcpFlags,
    startMs: record.startMs,
    endMs: record.endMs,
    isFirst: record.first ?? null,
  };
}

/** What goes to or comes from a VM of the cloud, its host counts: an exporter saw it as well. */
const pointOf = (src: FlowRow['src'], dst: FlowRow['dst']): FlowRow['point'] =>
  src.vmId === null && dst.vmId === null ? 'egress' : 'beside';

/** Of a key that the store does not take as it is, such as those of older engines, a digest. */
const shortKey = (key: string): string =>
  /^[\w-]{1,8}$/.test(key) ? key : hash('sha256', key, 'base64url').slice(0, 8);

const isForged = ({ rule }: FlowRecord): boolean => rule === SYNTHETIC_RULES['anti-spoof'];

/** Of frames that are not their sender's, the address tells whose it is not; the MAC, if that is not forged as well, whose it is. */
function forged(directory: FlowDirectory, { net, srcIp, srcPort, srcMac }: FlowRecord): FlowRow['src'] {
  return { ...endsOn(directory, net)('', srcPort, srcMac), ip: srcIp };
}

function toInspection({ gateway, later, ...seen }: NonNullable<FlowRecord['inspection']>): Inspection {
  const gateways = [gateway ?? [], later].flat().map(({ num, id }) => ({ gatewayNum: num, gatewayId: id }));
  return { ...seen, gatewayNum: gateway?.num ?? null, gatewayId: gateway?.id ?? null, gateways };
}

function toName(directory: FlowDirectory, hostId: string, record: NameRecord): NameRow {
  const { net, gateway, protocol, kind, name, details, atMs } = record;
  const end = endsOn(directory, net);
  return {
    ...{ atMs, hostId, protocol, kind, name, details },
    gatewayNum: gateway.num,
    gatewayId: gateway.id,
    networkId: directory.networkId(net),
    src: end(record.srcIp, record.srcPort, null),
    dst: end(record.dstIp, record.dstPort, null),
  };
}

/** Whose the ends are on a network. */
const endsOn = (directory: FlowDirectory, net: number) => (ip: string, port: number, mac: string | null) => {
  const owner = directory.owner(net, ip, mac);
  return {
    ip,
    port,
    mac,
    vmId: owner?.vmId ?? null,
    vnicId: owner?.vnicId ?? null,
    tenantId: owner?.tenantId ?? null,
    ...(owner === undefined && directory.origin(ip)),
  };
};
