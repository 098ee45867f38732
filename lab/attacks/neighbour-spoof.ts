import type { Attack, AttackContext, AttackResult } from '../src/attack.ts';
import { arpReplyFrame, neighbourAdvertisementFrame } from '../src/frames.ts';
import { neighbour, ping, sendFrames } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestOk } from '../src/vm/vm.ts';

const ROUNDS = 4;

/** Tells the victim, who knows the peer, that the peer is at the attacker's hardware address. */
async function poison(
  { lab, cast: { attacker, victim } }: AttackContext,
  claimed: string,
  frame: Uint8Array,
): Promise<AttackResult> {
  try {
    const control = await ping(lab, victim.name, claimed);
    let mac: string | undefined;
    // What the peer says itself puts it right again at any moment, so whoever attacks goes on.
    for (let round = 0; round < ROUNDS && mac !== attacker.mac; round++) {
      // Linux keeps what it has just learnt for a second (neigh/locktime), so the claim is repeated past that.
      await sendFrames(lab, attacker.name, [frame], { times: 15, everyS: 0.2 });
      mac = await neighbour(lab, victim.name, claimed);
    }
    return {
      succeeded: mac === attacker.mac,
      control,
      evidence: `${victim.name} has ${claimed} at ${mac ?? 'no address'}`,
    };
  } finally {
    await guestOk(lab, victim.name, ['ip', 'neigh', 'flush', 'dev', 'eth0']);
  }
}

export const arpSpoof: Attack = {
  id: 'arp-spoof',
  title: "A VM answers for another VM's IPv4 address",
  protects: 'anti-spoofing: ARP',
  run(context) {
    const { attacker, victim, peer } = context.cast;
    const claim = { address: addressOf(peer.ipv4), mac: attacker.mac };
    const asked = { address: addressOf(victim.ipv4), mac: victim.mac };
    return poison(context, claim.address, arpReplyFrame({ from: attacker.mac, to: victim.mac }, claim, asked));
  },
};

export const ndSpoof: Attack = {
  id: 'nd-spoof',
  title: "A VM advertises another VM's IPv6 address",
  protects: 'anti-spoofing: neighbour discovery',
  run(context) {
    const { attacker, victim, peer } = context.cast;
    const claim = { address: addressOf(peer.ipv6), mac: attacker.mac };
    const link = { from: attacker.mac, to: victim.mac };
    return poison(context, claim.address, neighbourAdvertisementFrame(link, claim, addressOf(victim.ipv6)));
  },
};
