import type { Attack } from '../src/attack.ts';
import { udpFrame } from '../src/frames.ts';
import { labState } from '../src/lab.ts';
import { runInHostOk } from '../src/spawn.ts';
import { catchFrames, ping, sendFrames } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { createVm, destroyVm, interfaceIdOf } from '../src/vm/vm.ts';

const TARGET = 'vault1';
const VLAN = 200;

export const vlanHop: Attack = {
  id: 'vlan-hop',
  title: 'A VM reaches another network by tagging its frames',
  protects: 'VLAN isolation of vNICs',
  async run({ lab, cast: { attacker, victim, stranger } }) {
    const { host } = labState(lab).vms[attacker.name]!;
    const place = { host, name: TARGET, tenant: stranger.tenant, network: 'vault', vlan: VLAN };
    const { spec } = await createVm(lab, { ...place, ipv4: '10.78.0.11/24', ipv6: 'fd78::11/64' });
    const vsctl = (...argv: string[]) => runInHostOk(lab, host, ['ovs-vsctl', '--timeout=10', ...argv]);
    const found = await vsctl(
      '--bare',
      '--columns=name',
      'find',
      'Interface',
      `external_ids:iface-id=${interfaceIdOf(lab, attacker.name)}`,
    );
    const port = found.trim();
    const control = await ping(lab, attacker.name, addressOf(victim.ipv4));
    try {
      // The mistake of an operator that makes the hop possible: the attacker's port is a trunk.
      await vsctl('set', 'Port', port, 'vlan_mode=native-untagged');
      const marker = 'hv-vlan-hop';
      const [source, target] = [addressOf(attacker.ipv4), addressOf(spec.ipv4)];
      const udp = { source, target, sourcePort: 4000, targetPort: 4001, data: marker };
      const frame = udpFrame({ from: attacker.mac, to: spec.mac, vlan: VLAN }, udp);
      const caught = await catchFrames(lab, TARGET, { marker, seconds: 20 }, () =>
        sendFrames(lab, attacker.name, [frame], { times: 10, everyS: 0.1 }),
      );
      const evidence = `${caught.length} of 10 frames tagged ${VLAN} by ${attacker.name} in VLAN ${attacker.vlan} reached ${TARGET}`;
      return { succeeded: caught.length > 0, control, evidence };
    } finally {
      await vsctl('clear', 'Port', port, 'vlan_mode');
      await destroyVm(lab, TARGET);
    }
  },
};
