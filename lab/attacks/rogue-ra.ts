import type { Attack, AttackContext, AttackResult } from '../src/attack.ts';
import { ALL_NODES_MAC, routerAdvertisementFrame } from '../src/frames.ts';
import { ping, sendFrames } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestExec, guestOk } from '../src/vm/vm.ts';

export const ROGUE_PREFIX = 'fd66:6f72:6765:64::';

/** The link-local address that Linux makes from a hardware address (RFC 4291, appendix A). */
export function linkLocalOf(mac: string): string {
  const b = mac.split(':').map((x) => Number.parseInt(x, 16));
  const eui = [b[0]! ^ 2, b[1]!, b[2]!, 0xff, 0xfe, b[3]!, b[4]!, b[5]!];
  const groups = [0, 2, 4, 6].map((i) => ((eui[i]! << 8) | eui[i + 1]!).toString(16));
  return `fe80::${groups.join(':')}`;
}

/** Sends an advertisement of the attacker's own link-local address, and looks for it among the victim's routes. */
export async function advertise(
  { lab, cast: { attacker, victim } }: AttackContext,
  frame: Uint8Array,
): Promise<AttackResult> {
  const router = linkLocalOf(attacker.mac);
  const control = await ping(lab, attacker.name, addressOf(victim.ipv6));
  try {
    await sendFrames(lab, attacker.name, [frame], { times: 5, everyS: 0.3 });
    const routes = await guestOk(lab, victim.name, ['ip', '-6', 'route']);
    const route = routes.split('\n').find((line) => line.startsWith('default') && line.includes(router));
    return {
      succeeded: route !== undefined,
      control,
      evidence: `default route of ${victim.name}: ${route?.trim() ?? 'none'}`,
    };
  } finally {
    for (const vm of [attacker, victim]) {
      await guestExec(lab, vm.name, ['ip', '-6', 'route', 'del', 'default', 'via', router, 'dev', 'eth0']);
      const addresses = await guestOk(lab, vm.name, ['ip', '-6', 'addr', 'show', 'dev', 'eth0']);
      for (const [, address] of addresses.matchAll(/inet6 (fd66:\S+)/g)) {
        await guestExec(lab, vm.name, ['ip', '-6', 'addr', 'del', address!, 'dev', 'eth0']);
      }
    }
  }
}

export const rogueRa: Attack = {
  id: 'rogue-ra',
  title: 'A VM makes itself the IPv6 router of the others',
  protects: 'router advertisement guard',
  run(context) {
    const { mac } = context.cast.attacker;
    // From the attacker's own addresses, so that only the guard can stop it.
    return advertise(
      context,
      routerAdvertisementFrame({ from: mac, to: ALL_NODES_MAC }, linkLocalOf(mac), ROGUE_PREFIX),
    );
  },
};
