import type { Attack } from '../src/attack.ts';
import { udpFrame } from '../src/frames.ts';
import { catchFrames, type GuestProgram, ping, sendsMore, startInGuest } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestOk } from '../src/vm/vm.ts';

/** A hundred a second; more than the restart takes. */
const PACKETS = 6_000;
const EVERY_S = 0.01;
const A_SECOND = 100;

export const restartGap: Attack = {
  id: 'restart-gap',
  title: 'Forbidden traffic slips in while the engines are killed and start again',
  protects: 'enforcement that outlives its engine',
  needsPolicy: true,
  async run({ lab, cast: { attacker, stranger, victim, udpPort }, policy }) {
    const marker = 'hv-restart-gap';
    const [source, target] = [addressOf(stranger.ipv4), addressOf(victim.ipv4)];
    const udp = { source, target, sourcePort: 4000, targetPort: udpPort, data: marker };
    const input = udpFrame({ from: stranger.mac, to: victim.mac }, udp).toString('hex');
    await guestOk(lab, stranger.name, ['sh', '-c', 'cat >/run/frames'], { input: `${input}\n` });
    const flood = `exec perl /lab/frames.pl send eth0 ${PACKETS} ${EVERY_S} </run/frames`;
    let flooding: GuestProgram | undefined;
    try {
      const caught = await catchFrames(lab, victim.name, { marker, seconds: 120 }, async () => {
        flooding = await startInGuest(lab, stranger.name, ['sh', '-c', flood], '/dev/null');
        await sendsMore(lab, stranger.name, A_SECOND);
        await policy?.restartEngines?.();
        await sendsMore(lab, stranger.name, A_SECOND);
      });
      const evidence = `${caught.length} forbidden packets reached ${victim.name} while the engines were away`;
      return { succeeded: caught.length > 0, control: await ping(lab, attacker.name, target), evidence };
    } finally {
      await flooding?.end();
    }
  },
};
