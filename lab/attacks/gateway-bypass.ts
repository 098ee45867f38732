import { GATEWAY_PROBE_ETHERTYPE } from '@hypervigil/model';
import type { Attack, AttackContext, AttackResult, GatewayLooks, PolicyHooks } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL, udpDatagram } from '../src/frames.ts';
import { type GatewayVm, gatewayVms, holdGateway, releaseGateway } from '../src/gateway-vms.ts';
import { frameText, honestQuestion, sendForged } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';

const PORT = 7778;
/** IEEE 802.1ad: an outer tag, as providers use it. */
const SERVICE_TAG = 0x88a8;

interface Forging {
  readonly from: VmSpec;
  readonly marker: string;
  /** What an ordinary frame is called, where that is sent, too. */
  readonly ordinary?: string;
}

/** Frames to the victim that look as if a gateway had been or were to be passed. */
async function forge({ lab, cast, policy }: AttackContext, { from, marker, ordinary }: Forging): Promise<AttackResult> {
  const { attacker, victim } = cast;
  if (!policy) throw new LabError('LAB_USAGE', 'Attacks on gateways need a way to change the policy');
  try {
    const gateway = await policy.inspect(attacker.name, victim.name, PORT);
    const ends = { source: addressOf(from.ipv4), target: addressOf(victim.ipv4) };
    const packet = (kind: string) => {
      const datagram = udpDatagram({ ...ends, sourcePort: 4000, targetPort: PORT, data: frameText(marker, kind) });
      return ipv4Packet(ends, PROTOCOL.udp, datagram);
    };
    const tagged = (type: number, payload: Buffer) =>
      Buffer.concat([Buffer.from([gateway.vlan >> 8, gateway.vlan & 0xff, type >> 8, type & 0xff]), payload]);
    const toVictim = { from: from.mac, to: victim.mac };
    const frames = {
      'tagged as inspected': (kind: string) =>
        ethernetFrame({ ...toVictim, vlan: gateway.vlan }, ETHERTYPE.ipv4, packet(kind)),
      'tagged as inspected, by a provider': (kind: string) =>
        ethernetFrame(toVictim, SERVICE_TAG, tagged(ETHERTYPE.ipv4, packet(kind))),
      'addressed to the gateway': (kind: string) =>
        ethernetFrame({ from: from.mac, to: gateway.mac }, ETHERTYPE.ipv4, packet(kind)),
      'tagged, and addressed to the gateway': (kind: string) =>
        ethernetFrame({ from: from.mac, to: gateway.mac, vlan: gateway.vlan }, ETHERTYPE.ipv4, packet(kind)),
      "in the gateway's name": (kind: string) =>
        ethernetFrame({ from: gateway.mac, to: victim.mac }, ETHERTYPE.ipv4, packet(kind)),
      'as a question whether the gateway lives': (kind: string) =>
        ethernetFrame(toVictim, GATEWAY_PROBE_ETHERTYPE, packet(kind)),
      ...(ordinary && { [ordinary]: (kind: string) => ethernetFrame(toVictim, ETHERTYPE.ipv4, packet(kind)) }),
    };
    const kinds = Object.fromEntries(Object.entries(frames).map(([kind, frame]) => [kind, [frame(kind)]]));
    return await sendForged(lab, { marker, from, to: victim, kinds, honest: honestQuestion(cast, marker) });
  } finally {
    await policy.revoke();
  }
}

export const gatewayBypass: Attack = {
  id: 'gateway-bypass',
  title: 'A VM reaches uninspected what it may reach through a gateway only',
  protects: 'insertion of gateways',
  needsPolicy: true,
  run: (context) =>
    forgePast(context, { from: context.cast.attacker, marker: 'hv-gateway-bypass' }, async (policy, ...rule) => {
      const looks = await policy.inspect(...rule);
      return { looks, held: await gatewayVms(context.lab) };
    }),
};

interface Inserted {
  readonly looks: GatewayLooks;
  readonly held: readonly GatewayVm[];
}

/** Like `forge`, past gateways that stand still. They let nothing pass: whatever arrives has gone around them. */
function forgePast(
  context: AttackContext,
  forging: Forging,
  insert: (policy: PolicyHooks, ...rule: Parameters<PolicyHooks['inspect']>) => Promise<Inserted>,
): Promise<AttackResult> {
  const { lab, policy } = context;
  if (!policy) throw new LabError('LAB_USAGE', 'Attacks on gateways need a way to change the policy');
  let standing: readonly GatewayVm[] = [];
  const inspect: PolicyHooks['inspect'] = async (...rule) => {
    const { looks, held } = await insert(policy, ...rule);
    standing = held;
    for (const one of standing) await holdGateway(lab, one);
    return looks;
  };
  const revoke = async () => {
    for (const one of standing) await releaseGateway(lab, one);
    await policy.revoke();
  };
  return forge({ ...context, policy: { ...policy, inspect, revoke } }, forging);
}

export const chainSkip: Attack = {
  id: 'chain-skip',
  title: 'A VM gets past the first gateway of a chain, or around both, and leaves the second one out',
  protects: 'every link of a chain',
  needsPolicy: true,
  run(context) {
    const forging = { from: context.cast.attacker, marker: 'hv-chain-skip', ordinary: 'through the first gateway' };
    return forgePast(context, forging, async (policy, ...rule) => {
      const { second, ...looks } = await policy.inspectChain(...rule);
      return { looks, held: (await gatewayVms(context.lab)).filter(({ id }) => second.includes(id)) };
    });
  },
};

export const gatewayCrossTenant: Attack = {
  id: 'gateway-cross-tenant',
  title: "Another tenant comes through the gateway that its victim's traffic passes",
  protects: 'tenant isolation beside gateways',
  needsPolicy: true,
  run: (context) => forge(context, { from: context.cast.stranger, marker: 'hv-gateway-tenant' }),
};
