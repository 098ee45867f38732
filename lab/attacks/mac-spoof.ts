import type { Attack } from '../src/attack.ts';
import { sendBeside } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

/** Locally administered and nobody's. */
const FORGED = '02:00:5e:00:53:01';

export const macSpoof: Attack = {
  id: 'mac-spoof',
  title: 'A VM sends from a hardware address that is not its own',
  protects: 'anti-spoofing: MAC',
  run(context) {
    const address = addressOf(context.cast.attacker.ipv4);
    return sendBeside(context, { marker: 'hv-mac-spoof', mac: FORGED, address });
  },
};
