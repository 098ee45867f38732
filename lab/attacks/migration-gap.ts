import type { Attack } from '../src/attack.ts';
import { udpFrame } from '../src/frames.ts';
import { labState } from '../src/lab.ts';
import { catchFrames, type GuestProgram, ping, startInGuest } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestOk, migrateVm } from '../src/vm/vm.ts';

export const migrationGap: Attack = {
  id: 'migration-gap',
  title: 'Forbidden traffic slips in while a VM moves to another host',
  protects: 'protection before the first packet after migration',
  async run({ lab, cast: { attacker, stranger, victim, udpPort } }) {
    const marker = 'hv-migration-gap';
    const { hosts, vms } = labState(lab);
    const home = vms[victim.name]!.host;
    const away = hosts.find((h) => h !== home)!;
    const [source, target] = [addressOf(stranger.ipv4), addressOf(victim.ipv4)];
    const udp = { source, target, sourcePort: 4000, targetPort: udpPort, data: marker };
    const hex = udpFrame({ from: stranger.mac, to: victim.mac }, udp).toString('hex');
    await guestOk(lab, stranger.name, ['sh', '-c', 'cat >/run/frames'], { input: `${hex}\n` });
    const flood = 'exec perl /lab/frames.pl send eth0 3000 0.01 </run/frames';
    let flooding: GuestProgram | undefined;
    try {
      // Catching is part of the guest's memory and moves with it.
      const caught = await catchFrames(lab, victim.name, { marker, seconds: 60 }, async () => {
        flooding = await startInGuest(lab, stranger.name, ['sh', '-c', flood], '/dev/null');
        await migrateVm(lab, victim.name, away);
        await guestOk(lab, victim.name, ['sleep', '2']);
      });
      const evidence = `${caught.length} forbidden packets reached ${victim.name} while it moved from ${home} to ${away}`;
      const control = await ping(lab, attacker.name, target);
      return { succeeded: caught.length > 0, control, evidence };
    } finally {
      await flooding?.end();
      if (labState(lab).vms[victim.name]?.host === away) await migrateVm(lab, victim.name, home);
    }
  },
};
