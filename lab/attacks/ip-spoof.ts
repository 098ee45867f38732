import type { Attack, AttackContext } from '../src/attack.ts';
import { udpFrame } from '../src/frames.ts';
import { catchFrames, sendFrames } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';

/** Sends from the attacker's own hardware address with the peer's IP address as the source. */
async function spoof(
  { lab, cast: { attacker, victim, peer } }: AttackContext,
  marker: string,
  family: (vm: VmSpec) => string,
) {
  const [source, target] = [addressOf(family(peer)), addressOf(family(victim))];
  const udp = { source, target, sourcePort: 4000, targetPort: 4001, data: marker };
  const frame = udpFrame({ from: attacker.mac, to: victim.mac }, udp);
  const caught = await catchFrames(lab, victim.name, { marker, seconds: 20 }, () =>
    sendFrames(lab, attacker.name, [frame], { times: 10, everyS: 0.1 }),
  );
  const evidence = `${caught.length} of 10 packets from ${source}, sent by ${attacker.name}, reached ${victim.name}`;
  return { succeeded: caught.length > 0, evidence };
}

export const ipv4Spoof: Attack = {
  id: 'ipv4-spoof',
  title: "A VM sends from another VM's IPv4 address",
  protects: 'anti-spoofing: IPv4',
  run: (context) => spoof(context, 'hv-ipv4-spoof', (vm) => vm.ipv4),
};

export const ipv6Spoof: Attack = {
  id: 'ipv6-spoof',
  title: "A VM sends from another VM's IPv6 address",
  protects: 'anti-spoofing: IPv6',
  run: (context) => spoof(context, 'hv-ipv6-spoof', (vm) => vm.ipv6),
};
