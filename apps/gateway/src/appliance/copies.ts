import { connectionKey } from './detector/packet.ts';
import type { DetectorReport } from './detector-report.ts';
import type { Firewall } from './firewall.ts';
import { networkOn } from './inspection.ts';
import type { Log } from './log.ts';

/** Connections whose name is remembered. */
const MAX_KNOWN = 16_384;
const UDP = 17;

/** What connections turned out to be of which a mirror sends copies: it is logged, and nothing follows. */
export function createCopies({ firewall, log }: { readonly firewall: Firewall; readonly log: Log }) {
  const names = new Map<string, string>();
  return (report: DetectorReport): void => {
    if (report.type !== 'recognised' && report.type !== 'asked') return;
    const { vlan, atMs, protocol, srcIp, dstIp, srcPort, dstPort, details } = report;
    const net = networkOn(firewall.policy(), vlan);
    const tuple = { net, protocol, srcIp, dstIp, srcPort, dstPort };
    if (report.type === 'asked') {
      log.name({ ...tuple, kind: 'dns', name: report.name, atMs, details });
      return;
    }
    const { recognised, kind } = report;
    const key = connectionKey(net, tuple);
    const { name } = recognised;
    // Of questions about names the detector tells one by one.
    const isAsked = kind === 'dns' && protocol === UDP;
    if (name !== null && name !== names.get(key) && !isAsked) {
      names.delete(key);
      names.set(key, name);
      if (names.size > MAX_KNOWN) names.delete(names.keys().next().value!);
      log.name({ ...tuple, kind, name, atMs, details });
    }
    log.sight({ ...tuple, atMs, recognised, deniedBy: null, blocked: null, copied: true });
  };
}
