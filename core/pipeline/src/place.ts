import type { HostIntentPatch, IntentNetwork, IntentVnic, LimitValues, MirrorNum } from '@hypervigil/model';
import { addressesOf, addressFlows } from './address-flows.ts';
import type { FlowKey } from './flow.ts';
import { fullFlows } from './full-flows.ts';
import { vnicLimitFlows, vnicMeters } from './limit-flows.ts';
import type { LocalMirror } from './mirror-flows.ts';
import { floodFlows, networkFlows, tenantScopeFlows } from './network-flows.ts';
import { OWNER } from './registers.ts';
import { getOrAdd, type Units } from './units.ts';
import { deliveryFlows, type LocalPort, learnedKey, localVnicFlows } from './vnic-flows.ts';

type Rows = Pick<HostIntentPatch, 'networks' | 'tenants' | 'vnics'>;

/** What is where. */
interface PlaceUpdate {
  readonly patch: Rows | undefined;
  readonly ports: readonly LocalPort[];
  readonly uplink: number | null;
  readonly carryOver: ReadonlySet<number>;
  readonly full: ReadonlySet<number>;
  readonly mirrors: readonly LocalMirror[];
}

/** The flows of networks, addresses and vNICs: all but the rules. */
export interface Place {
  /** Returns what the switch may have learned and has to forget: now we know better. */
  update(update: PlaceUpdate): FlowKey[];
  /** vNICs with ports here that may have so many connections, by number. */
  openLimits(): ReadonlyMap<number, number>;
  /** Networks with vNICs that have ports here. */
  networks(): IntentNetwork[];
}

/** @param limitsOf what counts for a vNIC now; null for none */
export function createPlace(units: Units, limitsOf: (vnic: IntentVnic) => LimitValues | null): Place {
  const networks = new Map<number, IntentNetwork>();
  const vnics = new Map<number, IntentVnic>();
  /** `network address` → numbers of the vNICs that have it. */
  const claims = new Map<string, Set<number>>();
  /** vNIC with ports here → `network mac`. */
  const localMacs = new Map<number, string>();
  let given: readonly LocalPort[] = [];
  /** Limits of vNICs with ports here. */
  const limits = new Map<number, LimitValues>();
  let ports = new Map<number, LocalPort[]>();
  let uplink: number | null = null;
  let carryOver: ReadonlySet<number> = new Set();
  let full: ReadonlySet<number> = new Set();
  /** vNIC → the mirrors that get what is its. */
  let watched = new Map<number, readonly MirrorNum[]>();
  let floods = new Set<string>();

  function setNetworks(): void {
    const trunk = uplink;
    const taken = new Set<number | null>();
    for (const network of [...networks.values()].sort((a, b) => a.num - b.num)) {
      // Two networks on one VLAN would be one: the first has it, the others stay within their hosts.
      const isFirst = !taken.has(network.vlan);
      taken.add(network.vlan);
      units.set(`network ${network.num}`, trunk !== null && isFirst ? networkFlows(network, trunk) : []);
    }
  }

  function setAddress(key: string): void {
    const [network = '', address = ''] = key.split(' ');
    const claimants = [...(claims.get(key) ?? [])].sort((a, b) => a - b).flatMap((num) => vnics.get(num) ?? []);
    units.set(`address ${key}`, addressFlows(Number(network), address, claimants));
  }

  /** Takes rows in, and says which addresses and which vNICs they concern. */
  function take(patch: Rows): { addresses: Set<string>; changed: Set<number> } {
    const addresses = new Set<string>();
    const changed = new Set([...patch.vnics.remove, ...patch.vnics.upsert.map((vnic) => vnic.num)]);
    for (const num of changed) {
      for (const key of claimsOf(vnics.get(num))) {
        const nums = claims.get(key);
        nums?.delete(num);
        if (nums?.size === 0) claims.delete(key);
        addresses.add(key);
      }
    }
    applyRows(vnics, patch.vnics);
    for (const vnic of patch.vnics.upsert) {
      for (const key of claimsOf(vnic)) {
        getOrAdd(claims, key, () => new Set<number>()).add(vnic.num);
        addresses.add(key);
      }
    }
    applyRows(networks, patch.networks);
    for (const num of patch.networks.remove) units.clear(`network ${num}`);
    for (const num of patch.tenants.remove) units.clear(`tenant ${num}`);
    for (const tenant of patch.tenants.upsert) units.set(`tenant ${tenant.num}`, tenantScopeFlows(tenant));
    return { addresses, changed };
  }

  function setLocal(vnic: IntentVnic, own: readonly LocalPort[]): void {
    const { num } = vnic;
    const values = limits.get(num);
    const flows = [
      ...localVnicFlows(vnic, own, carryOver.has(num), values?.bandwidthOut != null, watched.get(num) ?? []),
      ...(full.has(num) ? fullFlows(num, own) : []),
    ];
    if (values) units.set(`local ${num}`, [...flows, ...vnicLimitFlows(num, own, values)], vnicMeters(num, values));
    else units.set(`local ${num}`, flows);
  }

  /** Takes in what limits are now, and says for which vNICs with ports here they are others than before. */
  function takeLimits(): Set<number> {
    const changed = new Set<number>();
    for (const num of [...limits.keys()].filter((num) => !ports.has(num))) limits.delete(num);
    for (const num of ports.keys()) {
      const vnic = vnics.get(num);
      const values = vnic ? limitsOf(vnic) : null;
      if (values === null && !limits.has(num)) continue;
      if (JSON.stringify(values) === JSON.stringify(limits.get(num) ?? null)) continue;
      changed.add(num);
      if (values) limits.set(num, values);
      else limits.delete(num);
    }
    return changed;
  }

  /** vNICs' own flows, and those of their MAC addresses, which a mistaken second vNIC may share: the first has it. */
  function setLocals(nums: ReadonlySet<number>): void {
    const macs = new Set<string>();
    // All out before any comes in: a port may have passed from one vNIC to another.
    for (const num of nums) {
      units.clear(`local ${num}`);
      const mac = localMacs.get(num);
      if (mac !== undefined) macs.add(mac);
      localMacs.delete(num);
    }
    for (const num of nums) {
      const vnic = vnics.get(num);
      const own = ports.get(num);
      if (!vnic || !own) continue;
      const mac = `${vnic.network} ${vnic.mac}`;
      localMacs.set(num, mac);
      macs.add(mac);
      setLocal(vnic, own);
    }
    const firsts = new Map<string, number>();
    for (const [num, mac] of localMacs) if (macs.has(mac)) firsts.set(mac, Math.min(num, firsts.get(mac) ?? num));
    for (const mac of macs) {
      const num = firsts.get(mac) ?? 0;
      const vnic = vnics.get(num);
      const delivery = (one: IntentVnic) =>
        deliveryFlows(one, ports.get(num) ?? [], carryOver.has(num), watched.get(num) ?? []);
      units.set(`mac ${mac}`, vnic ? delivery(vnic) : []);
    }
  }

  /** Who gets copies, of the whole host: few ports, and only lists that changed become flows. */
  function setFloods(): void {
    const lists = new Map<string, Set<number>>();
    const list = (network: number, tenant: number) => getOrAdd(lists, `${network} ${tenant}`, () => new Set<number>());
    for (const num of networks.keys()) list(num, OWNER.outside);
    for (const { ofport, vnicNum, active } of [...ports.values()].flat()) {
      const vnic = vnics.get(vnicNum);
      if (!vnic || !active || vnic.quarantined) continue;
      for (const tenant of [OWNER.outside, vnic.tenant ?? OWNER.nobody]) list(vnic.network, tenant).add(ofport);
    }
    for (const key of floods) if (!lists.has(key)) units.clear(`flood ${key}`);
    floods = new Set(lists.keys());
    for (const [key, ofports] of lists) {
      const [network = 0, tenant = 0] = key.split(' ').map(Number);
      units.set(`flood ${key}`, floodFlows(network, tenant, [...ofports]));
    }
  }

  return {
    networks() {
      const nums = new Set([...ports.keys()].map((num) => vnics.get(num)?.network));
      return [...networks.values()].filter(({ num }) => nums.has(num));
    },
    openLimits: () =>
      new Map([...limits].flatMap(([num, { open }]): [number, number][] => (open === null ? [] : [[num, open]]))),
    update(update) {
      const { patch } = update;
      // Most changes are about something else, and a host may have a thousand.
      const after = update.ports === given ? ports : byVnic(update.ports);
      const moved =
        after === ports
          ? []
          : [...new Set([...ports.keys(), ...after.keys()])].filter((num) => !samePorts(ports, after, num));
      const carried = carryOver.symmetricDifference(update.carryOver).union(full.symmetricDifference(update.full));
      const watchedNow = byWatched(update.mirrors);
      const otherwise = [...new Set([...watched.keys(), ...watchedNow.keys()])].filter(
        (num) => watched.get(num)?.join() !== watchedNow.get(num)?.join(),
      );
      const trunkChanged = uplink !== update.uplink;
      given = update.ports;
      ports = after;
      carryOver = update.carryOver;
      full = update.full;
      watched = watchedNow;
      uplink = update.uplink;

      const { addresses, changed } = patch ? take(patch) : { addresses: [], changed: new Set<number>() };
      const networksChanged = patch !== undefined && hasRows(patch.networks);
      if (trunkChanged || networksChanged) setNetworks();
      for (const key of addresses) setAddress(key);
      const locals = changed.union(new Set(moved)).union(carried).union(takeLimits()).union(new Set(otherwise));
      if (locals.size > 0) setLocals(locals);
      if (locals.size > 0 || networksChanged) setFloods();
      // A port that came, began to run or went: what the switch had learned before that is about another place.
      return moved.flatMap((num) => vnics.get(num) ?? []).map(learnedKey);
    },
  };
}

/** vNICs with the mirrors that copy what is theirs, in order. */
function byWatched(mirrors: readonly LocalMirror[]): Map<number, readonly MirrorNum[]> {
  const pairs = mirrors.flatMap(({ num, vnics }) => [...new Set(vnics)].map((vnic) => ({ vnic, num })));
  const byVnic = Map.groupBy(pairs, ({ vnic }) => vnic);
  return new Map([...byVnic].map(([vnic, of]) => [vnic, of.map(({ num }) => num).sort((a, b) => a - b)]));
}

/** Ports by vNIC, in order. A port has one vNIC: the one that was named last. */
function byVnic(ports: readonly LocalPort[]): Map<number, LocalPort[]> {
  const unique = new Map(ports.map((port) => [port.ofport, port]));
  return Map.groupBy(
    [...unique.values()].sort((a, b) => a.ofport - b.ofport),
    (port) => port.vnicNum,
  );
}

function samePorts(before: Map<number, LocalPort[]>, after: Map<number, LocalPort[]>, vnicNum: number): boolean {
  const text = (ports: readonly LocalPort[] = []) => ports.map(({ ofport, active }) => `${ofport} ${active}`).join();
  return text(before.get(vnicNum)) === text(after.get(vnicNum));
}

const claimsOf = (vnic: IntentVnic | undefined): string[] =>
  vnic ? addressesOf(vnic).map((address) => `${vnic.network} ${address}`) : [];

function applyRows<Row extends { readonly num: number }>(
  rows: Map<number, Row>,
  { upsert, remove }: { readonly upsert: readonly Row[]; readonly remove: readonly number[] },
): void {
  for (const num of remove) rows.delete(num);
  for (const row of upsert) rows.set(row.num, row);
}

function hasRows({ upsert, remove }: { readonly upsert: readonly unknown[]; readonly remove: readonly unknown[] }) {
  return upsert.length + remove.length > 0;
}
