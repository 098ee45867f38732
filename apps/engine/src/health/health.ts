import { statfs } from 'node:fs/promises';
import type { HealthItem, HostFirewallStatus } from '@hypervigil/model';
import { MAX_SKEW_MS } from './clock.ts';
import { firewallFinding, listenerFinding } from './firewall.ts';

export interface HealthInputs {
  /** Why there is no session, or undefined when all is well. */
  readonly libvirt: string | undefined;
  readonly ovs: string | undefined;
  /** Parts of the switch's configuration that make it look alive and lose traffic. */
  readonly switchFindings: readonly HealthFinding[];
  readonly freeBytes: number | null;
  readonly skewMs: number | null;
  readonly spool: { readonly bytes: number; readonly limitBytes: number; readonly failing: string | undefined };
  /** Flow records lost lately. */
  readonly flowsLost: number;
  /** Packets that pretended to bring flow records of the switch, lately. */
  readonly flowsForged: number;
  /** The host firewall, once the platform has shown that it knows the word. */
  readonly firewall: HostFirewallStatus | undefined;
}

/** What is wrong, in a code and what its words need. */
export interface HealthFinding {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const MIN_FREE_BYTES = 64 * 1024 * 1024;
const SPOOL_FULL_RATIO = 0.9;

/** How each thing that the engine depends on is, in codes that every language has words for. */
export function healthItems(inputs: HealthInputs): HealthItem[] {
  const { libvirt, ovs, switchFindings, freeBytes, skewMs, spool, flowsLost, flowsForged, firewall } = inputs;
  const item = (name: HealthItem['name'], code: string, params: HealthItem['params'] = {}): HealthItem => ({
    name,
    ok: code === 'ok',
    code,
    params,
  });
  const found = (name: HealthItem['name'], finding: HealthFinding | undefined): HealthItem =>
    finding ? item(name, finding.code, finding.params) : item(name, 'ok');
  const fill = spool.bytes / spool.limitBytes;
  return [
    libvirt === undefined ? item('libvirt', 'ok') : item('libvirt', 'away', { reason: libvirt }),
    ovs === undefined ? found('ovs', switchFindings[0]) : item('ovs', 'away', { reason: ovs }),
    freeBytes === null
      ? item('disk', 'unknown')
      : item('disk', freeBytes < MIN_FREE_BYTES ? 'low' : 'ok', { freeMiB: Math.floor(freeBytes / 1024 / 1024) }),
    skewMs === null
      ? item('clock', 'unknown')
      : item('clock', Math.abs(skewMs) > MAX_SKEW_MS ? 'skewed' : 'ok', { skewMs }),
    spool.failing !== undefined
      ? item('spool', 'failing', { reason: spool.failing })
      : item('spool', fill > SPOOL_FULL_RATIO ? 'nearly-full' : 'ok', { percent: Math.round(fill * 100) }),
    flowsForged > 0
      ? item('flows', 'forged', { packets: flowsForged })
      : item('flows', flowsLost > 0 ? 'lost' : 'ok', { lost: flowsLost }),
    ...(firewall ? [found('firewall', firewallFinding(firewall)), found('listeners', listenerFinding(firewall))] : []),
  ];
}

/** Bytes that root may still write where `directory` lies; null when it cannot be told. */
export async function freeBytesOf(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
