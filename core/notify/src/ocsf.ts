import { alertText } from '@hypervigil/contract';
import type { Alert, NotifiedEvent, Severity } from '@hypervigil/model';
import { type AlertMessage, isAlert, type Message } from './message.ts';
import { textOf } from './text.ts';

/** The schema that events are of (schema.ocsf.io). */
const OCSF = '1.3.0';
const CATEGORY_FINDINGS = 2;
const DETECTION_FINDING = 2004;

const ACTIVITY: Readonly<Record<NotifiedEvent, number>> = { raised: 1, worsened: 2, asked: 2, answered: 2, closed: 3 };
const SEVERITY: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };
/** New, In Progress, Suppressed (false, or expected), Resolved. */
const statusOf = ({ state, resolution }: Alert): number => {
  if (state === 'closed') return resolution === 'true' ? 4 : 3;
  return state === 'new' ? 1 : 2;
};

/** OCSF: Detection Finding (class 2004) for alerts, Base Event (class 0) for digests and tests. Times are milliseconds. */
export function ocsfOf(message: Message, version: string): object {
  const metadata = {
    version: OCSF,
    uid: message.id,
    product: { name: 'Hypervigil', vendor_name: 'Hypervigil', version },
    ...(isAlert(message) && message.tenant !== null ? { tenant_uid: message.tenant.id } : {}),
  };
  const { title, lines } = textOf('en', message);
  const base = { time: Date.parse(message.at), metadata, message: title };
  if (isAlert(message)) return { ...base, ...finding(message) };
  const activity = { activity_id: 99, activity_name: message.event, type_uid: 99, category_uid: 0, class_uid: 0 };
  const count = message.event === 'digest' ? { count: message.count } : {};
  return { ...base, ...activity, ...count, severity_id: 1, status_detail: lines.join(' ') };
}

function finding({ event, alert, link }: AlertMessage): object {
  const { title, seen, expected, reason } = alertText('en', alert);
  const activity_id = ACTIVITY[event];
  const [first, last] = [Date.parse(alert.firstAt), Date.parse(alert.lastAt)];
  return {
    category_uid: CATEGORY_FINDINGS,
    class_uid: DETECTION_FINDING,
    activity_id,
    type_uid: DETECTION_FINDING * 100 + activity_id,
    severity_id: SEVERITY[alert.severity],
    status_id: statusOf(alert),
    start_time: first,
    end_time: last,
    count: alert.count,
    finding_info: {
      uid: alert.id,
      title,
      desc: `${seen} ${expected} ${reason}`,
      types: [alert.code],
      created_time: Date.parse(alert.createdAt),
      first_seen_time: first,
      last_seen_time: last,
      src_url: link,
      analytic: { name: alert.code, type_id: 2, uid: alert.code },
      attacks: [{ technique: { uid: alert.technique } }],
    },
    resources: [{ uid: alert.vmId, name: alert.vmName, type: 'Virtual Machine' }],
    evidences: alert.peers.map(({ ip, vmId }) => {
      const own = { instance_uid: alert.vmId, name: alert.vmName };
      const other = { ip, ...(vmId === null ? {} : { instance_uid: vmId }) };
      return alert.side === 'source'
        ? { src_endpoint: own, dst_endpoint: other }
        : { src_endpoint: other, dst_endpoint: own };
    }),
  };
}
