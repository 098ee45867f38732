import type { Alert, Severity } from '@hypervigil/model';
import { isAlert, type Message } from './message.ts';
import { plain, textOf } from './text.ts';

/** 0 to 10. */
const SEVERITY: Readonly<Record<Severity, number>> = { low: 3, medium: 5, high: 8, critical: 10 };

/**
 * ArcSight's Common Event Format, version 0 (ArcSight CEF Implementation Standard, revision 25):
 * `CEF:0|vendor|product|version|class|name|severity|extension`.
 */
export function cefOf(message: Message, version: string): string {
  const { title, lines } = textOf('en', message);
  const head = (code: string, name: string, severity: number) =>
    ['CEF:0', ...['Hypervigil', 'Hypervigil', version, code, name, String(severity)].map(inHeader)].join('|');
  const common = { externalId: message.id, msg: lines.join(' '), request: message.link };
  if (isAlert(message)) {
    const { alert, event, tenant } = message;
    return `${head(alert.code, title, SEVERITY[alert.severity])}|${extension({
      ...common,
      ...ofAlert(alert),
      act: event,
      cs1Label: 'alert',
      cs1: alert.id,
      cs2Label: 'tenant',
      cs2: tenant?.name,
      cs3Label: 'technique',
      cs3: alert.technique,
    })}`;
  }
  const count = message.event === 'digest' ? message.count : undefined;
  return `${head(message.event, title, 1)}|${extension({ ...common, cnt: count, rt: Date.parse(message.at) })}`;
}

/** The VM is the source of what it does, and the destination of what is done to it. `src` and `dst` are for IPv4. */
function ofAlert({ side, vmName, vmId, peers, firstAt, lastAt, createdAt, count }: Alert) {
  const peer = peers[0]?.ip;
  const [own, other] = side === 'source' ? (['shost', 'dst'] as const) : (['dhost', 'src'] as const);
  return {
    rt: Date.parse(createdAt),
    start: Date.parse(firstAt),
    end: Date.parse(lastAt),
    cnt: count,
    [own]: plain(vmName),
    cs4Label: 'vm',
    cs4: vmId,
    ...(peer?.includes(':') ? { c6a2Label: 'peer', c6a2: peer } : { [other]: peer }),
  };
}

function extension(fields: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(fields)
    .filter(([key, value]) => value !== undefined && fields[key.replace(/Label$/, '')] !== undefined)
    .map(([key, value]) => `${key}=${inExtension(String(value))}`)
    .join(' ');
}

const inHeader = (text: string): string => text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
const inExtension = (text: string): string => text.replace(/[\\=]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n');
