import { readFile } from 'node:fs/promises';
import { OvsError } from '../errors.ts';
import type { Appctl } from './appctl.ts';
import { type ConntrackEntry, parseConntrack } from './conntrack-text.ts';
import { formatZoneLimits, parseZoneLimits, type ZoneLimit } from './zone-limits.ts';

/** Which connections to end: those whose original direction has all the given properties. */
export interface FlushFilter {
  readonly zone?: number;
  readonly src?: string;
  readonly dst?: string;
  /** IP protocol number. Ports may be given for TCP (6), UDP (17) and SCTP (132) only. */
  readonly protocol?: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly icmpId?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

export interface Conntrack {
  /** How many there are in all, told at once; undefined where the datapath cannot say (the kernel's). */
  count(): Promise<number | undefined>;
  /** How many there may be in all; undefined where nobody can say. */
  capacity(): Promise<number | undefined>;
  /** The zones that have a limit of their own. Rejects with `rpc-error` where the datapath has none. */
  zoneLimits(): Promise<ZoneLimit[]>;
  /** So many connections at the same time, by zone: those that began before are not counted. */
  setZoneLimits(limits: ReadonlyMap<number, number>): Promise<void>;
  clearZoneLimits(zones: Iterable<number>): Promise<void>;
  /** All connections, or those of a zone. A snapshot: the switch goes on meanwhile. */
  dump(filter?: { readonly zone?: number }): Promise<ConntrackEntry[]>;
  /**
   * Ends connections, so that their next packet is new again. With an empty filter, all of them: say so with `{}`.
   * None that fits is no error. Before Open vSwitch 3.1 a filter by address needs all of src, dst, protocol and ports.
   *
   * Rejects with `unsupported` for a filter that an ICMPv6 exchange may fit: see {@link mayEndIcmpv6}.
   */
  flush(filter: FlushFilter): Promise<void>;
}

/** @param datapath such as `netdev@ovs-netdev`; needed when the switch has more than one. */
export function createConntrack(appctl: Appctl, datapath: () => string | undefined = () => undefined): Conntrack {
  const place = (zone: number | undefined): string[] => {
    const name = datapath();
    return [...(name === undefined ? [] : [name]), ...(zone === undefined ? [] : [`zone=${zone}`])];
  };
  return {
    async count() {
      try {
        return Number.parseInt(await appctl.run('dpctl/ct-get-nconns', ...place(undefined)), 10);
      } catch (error) {
        if (error instanceof OvsError && error.code === 'rpc-error') return undefined;
        throw error;
      }
    },
    async capacity() {
      try {
        return Number.parseInt(await appctl.run('dpctl/ct-get-maxconns', ...place(undefined)), 10);
      } catch (error) {
        if (error instanceof OvsError && error.code === 'rpc-error') return kernelCapacity();
        throw error;
      }
    },
    zoneLimits: async () => parseZoneLimits(await appctl.run('dpctl/ct-get-limits', ...place(undefined))),
    async setZoneLimits(limits) {
      if (limits.size > 0) await appctl.run('dpctl/ct-set-limits', ...place(undefined), ...formatZoneLimits(limits));
    },
    async clearZoneLimits(zones) {
      const list = [...zones].join(',');
      if (list !== '') await appctl.run('dpctl/ct-del-limits', ...place(undefined), `zone=${list}`);
    },
    dump: async ({ zone } = {}) => parseConntrack(await appctl.run('dpctl/dump-conntrack', ...place(zone))),
    async flush(filter) {
      const tuple = formatTuple(filter);
      if (tuple !== '' && mayEndIcmpv6(filter))
        throw new OvsError(
          'unsupported',
          `Open vSwitch would end itself when asked to flush ${tuple}: name a protocol.`,
        );
      await appctl
        .run('dpctl/flush-conntrack', ...place(filter.zone), ...(tuple === '' ? [] : [tuple]))
        .catch((error) => {
          // It has expired since somebody saw it.
          if (!(error instanceof OvsError && error.message.includes('No such file or directory'))) throw error;
        });
    },
  };
}

/** The kernel's datapath uses the kernel's table, whose size is a setting of the machine. */
async function kernelCapacity(): Promise<number | undefined> {
  const text = await readFile('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8').catch(() => '');
  const most = Number.parseInt(text, 10);
  return Number.isNaN(most) ? undefined : most;
}

const ICMPV6 = 58;

/**
 * Open vSwitch 3.1 turns the tuple that it is to end around by `reverse_icmp_type` also where it is of ICMPv6, whose types that
 * function does not know: it calls abort() (lib/conntrack.c, tuple_to_conn_key). Any guest that may ping could have it happen.
 */
function mayEndIcmpv6({ src, dst, protocol }: FlushFilter): boolean {
  const isIpv4 = [src, dst].some((address) => address?.includes('.'));
  return protocol === ICMPV6 || (protocol === undefined && !isIpv4);
}

/** `ct_nw_src=10.0.0.1,ct_nw_proto=6,ct_tp_dst=80` (ovs-appctl(8), dpctl/flush-conntrack). */
function formatTuple({ src, dst, protocol, sport, dport, icmpId, icmpType, icmpCode }: FlushFilter): string {
  const fields: [string, string | number | undefined][] = [
    [addressField('src', src), src],
    [addressField('dst', dst), dst],
    ['ct_nw_proto', protocol],
    ['ct_tp_src', sport],
    ['ct_tp_dst', dport],
    ['icmp_id', icmpId],
    ['icmp_type', icmpType],
    ['icmp_code', icmpCode],
  ];
  return fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function addressField(side: 'src' | 'dst', address: string | undefined): string {
  return address?.includes(':') ? `ct_ipv6_${side}` : `ct_nw_${side}`;
}
