import type { Attack } from '../src/attack.ts';
import { udpFrame } from '../src/frames.ts';
import { catchFrames, sendFrames } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';

/** Errors repeat the ports of what they are about (RFC 792), so these four bytes are the mark of an answer. */
const MARKER = 'HVRJ';
const [SOURCE_PORT, TARGET_PORT] = [0x4856, 0x524a];
const PROTOCOL_AT = 23;
const ICMP = 1;

export const rejectReflection: Attack = {
  id: 'reject-reflection',
  title: 'A VM has answers sent to another, by asking in its name for what is refused',
  protects: 'rejecting tells nobody but the sender',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, peer }, policy }) {
    const question = (source: VmSpec, mac: string) =>
      udpFrame(
        { from: mac, to: victim.mac },
        {
          source: addressOf(source.ipv4),
          target: addressOf(victim.ipv4),
          sourcePort: SOURCE_PORT,
          targetPort: TARGET_PORT,
          data: 'who answers this',
        },
      );
    const answersAt = async (vm: VmSpec, frame: Uint8Array) => {
      const send = () => sendFrames(lab, attacker.name, [frame], { times: 5, everyS: 0.2 });
      const caught = await catchFrames(lab, vm.name, { marker: MARKER, seconds: 20 }, send);
      return caught.filter((one) => one[PROTOCOL_AT] === ICMP).length;
    };
    try {
      await policy?.reject?.(victim.name, TARGET_PORT);
      const own = await answersAt(attacker, question(attacker, attacker.mac));
      const foreign =
        (await answersAt(peer, question(peer, attacker.mac))) + (await answersAt(peer, question(peer, peer.mac)));
      const evidence = `${foreign} answers to forged questions reached ${peer.name}; ${own} to honest ones came back`;
      return { succeeded: foreign > 0, control: own > 0, evidence };
    } finally {
      await policy?.revoke();
    }
  },
};
