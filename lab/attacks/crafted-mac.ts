import type { Attack } from '../src/attack.ts';
import { arpRequestFrame, ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL, udpDatagram } from '../src/frames.ts';
import { labState } from '../src/lab.ts';
import { frameText, honestQuestion, neighbour, ping, sendForged, sendFrames } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestOk } from '../src/vm/vm.ts';

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const GATEWAY = '10.77.0.1';

export const craftedMac: Attack = {
  id: 'crafted-mac',
  title: 'Another tenant puts packets into frames that go somewhere else than they say',
  protects: 'the packet fits its frame',
  run({ lab, cast }) {
    const { stranger, victim } = cast;
    const marker = 'hv-crafted-mac';
    const ends = { source: addressOf(stranger.ipv4), target: addressOf(victim.ipv4) };
    const frame = (kind: string, to: string, target: string) => {
      const data = frameText(marker, kind);
      const datagram = udpDatagram({ ...ends, target, sourcePort: 4000, targetPort: 4001, data });
      return [
        ethernetFrame(
          { from: stranger.mac, to },
          ETHERTYPE.ipv4,
          ipv4Packet({ ...ends, target }, PROTOCOL.udp, datagram),
        ),
      ];
    };
    const sibling = Object.values(labState(lab).vms).find(
      ({ spec }) => spec.tenant === stranger.tenant && spec.name !== stranger.name,
    );
    const kinds = {
      broadcast: frame('broadcast', BROADCAST, ends.target),
      multicast: frame('multicast', '01:00:5e:00:00:01', ends.target),
      // To a VM of the stranger's own tenant by its address, which is allowed; to the victim by the frame.
      'address of a friend': frame('address of a friend', victim.mac, addressOf((sibling?.spec ?? stranger).ipv4)),
    };
    return sendForged(lab, { marker, from: stranger, to: victim, kinds, honest: honestQuestion(cast, marker) });
  },
};

export const gatewaySpoof: Attack = {
  id: 'gateway-spoof',
  title: "A VM makes itself the network's gateway by asking in its name",
  protects: 'anti-spoofing: ARP',
  async run({ lab, cast: { attacker, victim } }) {
    const control = await ping(lab, attacker.name, addressOf(victim.ipv4));
    try {
      const asker = { address: GATEWAY, mac: attacker.mac };
      const asked = { address: addressOf(victim.ipv4), mac: BROADCAST };
      const frame = arpRequestFrame({ from: attacker.mac, to: victim.mac }, asker, asked);
      await sendFrames(lab, attacker.name, [frame], { times: 3, everyS: 0.2 });
      const mac = await neighbour(lab, victim.name, GATEWAY);
      const evidence = `${victim.name} has the gateway ${GATEWAY} at ${mac ?? 'no address'}`;
      return { succeeded: mac === attacker.mac, control, evidence };
    } finally {
      await guestOk(lab, victim.name, ['ip', 'neigh', 'flush', 'dev', 'eth0']);
    }
  },
};
