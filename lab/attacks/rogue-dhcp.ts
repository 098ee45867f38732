import type { Attack } from '../src/attack.ts';
import { type GuestProgram, ping, startInGuest } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestExec, guestOk } from '../src/vm/vm.ts';

const OFFERED = '10.77.0.240';

export const rogueDhcp: Attack = {
  id: 'rogue-dhcp',
  title: 'A VM hands out addresses and itself as the gateway',
  protects: 'DHCP guard',
  async run({ lab, cast: { attacker, victim } }) {
    const settings = [
      'interface eth0',
      `start ${OFFERED}`,
      `end ${OFFERED}`,
      'lease_file /run/udhcpd.leases',
      'pidfile /run/udhcpd.pid',
      `option router ${addressOf(attacker.ipv4)}`,
      'option subnet 255.255.255.0',
      '',
    ].join('\n');
    const control = await ping(lab, attacker.name, addressOf(victim.ipv4));
    let serving: GuestProgram | undefined;
    try {
      await guestOk(lab, attacker.name, ['sh', '-c', 'cat >/run/udhcpd.conf; : >/run/udhcpd.leases'], {
        input: settings,
      });
      const server = ['udhcpd', '-f', '-S', '/run/udhcpd.conf'];
      serving = await startInGuest(lab, attacker.name, server, '/run/udhcpd.log');
      // /bin/true in place of the script that would take the lease into use.
      const client = ['udhcpc', '-i', 'eth0', '-n', '-q', '-f', '-t', '5', '-T', '1', '-s', '/bin/true'];
      const { code, stdout, stderr } = await guestExec(lab, victim.name, client);
      const line = `${stdout}${stderr}`.split('\n').findLast((l) => /lease|failing/.test(l));
      return { succeeded: code === 0, control, evidence: `${victim.name}: ${line?.trim() ?? 'no lease'}` };
    } finally {
      await serving?.end();
    }
  },
};
