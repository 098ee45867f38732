import type { Attack } from '../src/attack.ts';
import { udpFrame } from '../src/frames.ts';
import { catchFrames, sendFrames } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

/** Locally administered and nobody's. */
const FORGED = '02:00:5e:00:53:01';

export const macSpoof: Attack = {
  id: 'mac-spoof',
  title: 'A VM sends from a hardware address that is not its own',
  protects: 'anti-spoofing: MAC',
  async run({ lab, cast: { attacker, victim } }) {
    const marker = 'hv-mac-spoof';
    const [source, target] = [addressOf(attacker.ipv4), addressOf(victim.ipv4)];
    const frame = udpFrame(
      { from: FORGED, to: victim.mac },
      { source, target, sourcePort: 4000, targetPort: 4001, data: marker },
    );
    const caught = await catchFrames(lab, victim.name, { marker, seconds: 20 }, () =>
      sendFrames(lab, attacker.name, [frame], { times: 10, everyS: 0.1 }),
    );
    return {
      succeeded: caught.length > 0,
      evidence: `${caught.length} of 10 frames from ${FORGED} reached ${victim.name}`,
    };
  },
};
