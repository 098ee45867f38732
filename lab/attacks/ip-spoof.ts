import type { Attack } from '../src/attack.ts';
import { sendBeside } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

export const ipv4Spoof: Attack = {
  id: 'ipv4-spoof',
  title: "A VM sends from another VM's IPv4 address",
  protects: 'anti-spoofing: IPv4',
  run(context) {
    const { attacker, peer } = context.cast;
    return sendBeside(context, { marker: 'hv-ipv4-spoof', mac: attacker.mac, address: addressOf(peer.ipv4) });
  },
};

export const ipv6Spoof: Attack = {
  id: 'ipv6-spoof',
  title: "A VM sends from another VM's IPv6 address",
  protects: 'anti-spoofing: IPv6',
  run(context) {
    const { attacker, peer } = context.cast;
    return sendBeside(context, { marker: 'hv-ipv6-spoof', mac: attacker.mac, address: addressOf(peer.ipv6) });
  },
};
