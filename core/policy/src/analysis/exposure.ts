import type { IntentRule, IntentService } from '@hypervigil/model';
import { EFFECT } from '../effect.ts';
import { getOrAdd } from '../maps.ts';
import { type Packet, PROTOCOL } from '../packet.ts';

import type { Finding } from './finding.ts';
import type { PacketSet } from './packet-set.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { ServiceSet, ServiceSpace } from './service-set.ts';
import type { Slice } from './slice.ts';

const tcp = (first: number, last = first): IntentService => service(PROTOCOL.tcp, { first, last });
const service = (protocol: number, ports: IntentService['ports']): IntentService => ({
  family: 'ip',
  protocol,
  ports,
  icmp: null,
});

/** Services by which machines are managed, by IANA's registered ports: SSH, Telnet, SMB, RDP, VNC, WinRM. */
const ADMINISTRATION = [tcp(22), tcp(23), tcp(445), tcp(3389), tcp(5900, 5903), tcp(5985, 5986)];

export interface Exposure {
  note(slice: Slice, taken: ReadonlyMap<IntentRule, PacketSet>): void;
  findings(rule: IntentRule): Finding[];
}

/** Rules that let too much in, and those that open something and do not log. */
export function createExposure(index: PolicyIndex, services: ServiceSpace): Exposure {
  const administration = services.of(ADMINISTRATION);
  const whole = [PROTOCOL.tcp, PROTOCOL.udp].map((protocol) => services.of([service(protocol, null)]));
  const widths = new Map<IntentRule, Width | undefined>();
  const fromAnywhere = new Map<IntentRule, Packet>();
  const betweenTenants = new Map<IntentRule, Packet>();

  /** What of a rule's services is too much for the whole outside. */
  function widthOf(rule: IntentRule): Width | undefined {
    if (!isFromAnywhere(index, rule)) return undefined;
    const set = services.of(rule.services);
    if (whole.some((one) => services.difference(one, set) === services.none))
      return { reason: 'every-service', services: set };
    const some = services.intersection(set, administration);
    return some === services.none ? undefined : { reason: 'remote-administration', services: some };
  }

  return {
    note({ space, policies, within, sample }, taken) {
      const { owners, held, outside } = policies[0]!;
      const note = (notes: Map<IntentRule, Packet>, rule: IntentRule, some: PacketSet): void => {
        const packet = sample(some);
        if (packet) notes.set(rule, packet);
      };
      const foreign = [...owners]
        .filter(([owner]) => owner !== 'nobody' && owners.size > 1)
        .map(([, bits]) => within({ src: bits, dst: held & ~bits, services: services.of([]) }))
        .reduce(space.union, []);
      for (const [rule, decided] of taken) {
        if (EFFECT[rule.action] !== 'allow') continue;
        const width = getOrAdd(widths, rule, () => widthOf(rule));
        if (width && !fromAnywhere.has(rule)) {
          const entry = within({ src: outside, dst: held, services: width.services });
          note(fromAnywhere, rule, space.intersection(decided, entry));
        }
        if (!rule.log && !betweenTenants.has(rule)) note(betweenTenants, rule, space.intersection(decided, foreign));
      }
    },

    findings(rule) {
      const [anywhere, between] = [fromAnywhere.get(rule), betweenTenants.get(rule)];
      const about = { ruleId: rule.key, otherIds: [] };
      const found: Finding[] = [];
      if (anywhere)
        found.push({ ...about, code: 'over-permissive', reason: widths.get(rule)!.reason, witness: anywhere });
      if (between) found.push({ ...about, code: 'missing-log', reason: 'between-tenants', witness: between });
      else if (anywhere && !rule.log)
        found.push({ ...about, code: 'missing-log', reason: 'from-anywhere', witness: anywhere });
      return found;
    },
  };
}

interface Width {
  readonly reason: 'every-service' | 'remote-administration';
  readonly services: ServiceSet;
}

function isFromAnywhere(index: PolicyIndex, { from }: IntentRule): boolean {
  const isWhole = (num: number): boolean =>
    index.sets.get(num)?.blocks.some(({ blocks }) => blocks.some(({ prefix }) => prefix === 0)) ?? false;
  return from === null || from.some(isWhole);
}
