import type { Flow, NameEntry } from '@hypervigil/model';

export type Cell = string | number | null;

/** A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection); an apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180. */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export type Columns<T> = readonly (readonly [name: string, of: (row: T) => Cell])[];

/** Of every form in which flows are written out. */
export const FLOW_COLUMNS: Columns<Flow> = [
  ['started_at', (f) => f.startedAt],
  ['last_at', (f) => f.lastAt],
  ['verdict', (f) => f.verdict],
  ['protocol', (f) => f.protocol],
  ['src_ip', (f) => f.src.ip],
  ['src_port', (f) => f.src.port],
  ['src_vm', (f) => f.src.vmId],
  ['src_tenant', (f) => f.src.tenantId],
  ['src_country', (f) => f.src.country ?? null],
  ['src_asn', (f) => f.src.asn ?? null],
  ['dst_ip', (f) => f.dst.ip],
  ['dst_port', (f) => f.dst.port],
  ['dst_vm', (f) => f.dst.vmId],
  ['dst_tenant', (f) => f.dst.tenantId],
  ['dst_country', (f) => f.dst.country ?? null],
  ['dst_asn', (f) => f.dst.asn ?? null],
  ['icmp_type', (f) => f.icmpType],
  ['icmp_code', (f) => f.icmpCode],
  ['rule', (f) => f.ruleNum],
  ['rule_id', (f) => f.ruleId],
  ['policy_id', (f) => f.policyId],
  ['pending_verdict', (f) => f.pending?.verdict ?? null],
  ['pending_rule', (f) => f.pending?.ruleNum ?? null],
  ['pending_rule_id', (f) => f.pending?.ruleId ?? null],
  ['inspection', (f) => f.inspection?.outcome ?? null],
  ['gateway', (f) => f.inspection?.gatewayNum ?? null],
  ['gateway_id', (f) => f.inspection?.gatewayId ?? null],
  ['gateways', (f) => f.inspection?.gateways.map(({ gatewayNum }) => gatewayNum).join(' ') ?? null],
  ['gateway_ids', (f) => f.inspection?.gateways.map(({ gatewayId }) => gatewayId ?? '').join(' ') ?? null],
  ['application', (f) => f.inspection?.applications.join('.') ?? null],
  ['name', (f) => f.inspection?.name ?? null],
  ['risks', (f) => f.inspection?.risks.join(' ') ?? null],
  ['signatures', (f) => f.inspection?.signatures.map(({ id, message }) => `${id} ${message}`).join('; ') ?? null],
  ['blocked_by', (f) => f.inspection?.blocked?.by ?? null],
  ['blocked', (f) => f.inspection?.blocked?.what ?? null],
  ['bytes', (f) => f.bytes],
  ['packets', (f) => f.packets],
  ['reply_bytes', (f) => f.replyBytes],
  ['reply_packets', (f) => f.replyPackets],
  ['host', (f) => f.hostId],
  ['point', (f) => f.point],
  ['network', (f) => f.networkId],
];

const NAME_COLUMNS: Columns<NameEntry> = [
  ['at', (n) => n.at],
  ['kind', (n) => n.kind],
  ['name', (n) => n.name],
  ['type', (n) => n.details['type'] ?? null],
  ['code', (n) => n.details['code'] ?? null],
  ['answers', (n) => n.details['answers'] ?? null],
  ['details', (n) => JSON.stringify(n.details)],
  ['protocol', (n) => n.protocol],
  ['src_ip', (n) => n.src.ip],
  ['src_port', (n) => n.src.port],
  ['src_vm', (n) => n.src.vmId],
  ['src_tenant', (n) => n.src.tenantId],
  ['dst_ip', (n) => n.dst.ip],
  ['dst_port', (n) => n.dst.port],
  ['dst_vm', (n) => n.dst.vmId],
  ['dst_tenant', (n) => n.dst.tenantId],
  ['host', (n) => n.hostId],
  ['gateway', (n) => n.gatewayNum],
  ['gateway_id', (n) => n.gatewayId],
  ['network', (n) => n.networkId],
];

const csvOf = <T>(columns: Columns<T>) =>
  async function* (pages: AsyncIterable<readonly T[]>): AsyncGenerator<string> {
    yield `${columns.map(([name]) => name).join(',')}\r\n`;
    for await (const page of pages)
      yield page.map((row) => `${columns.map(([, of]) => csvCell(of(row))).join(',')}\r\n`).join('');
  };

export const flowsCsv = csvOf(FLOW_COLUMNS);
export const namesCsv = csvOf(NAME_COLUMNS);
