import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { hostPaths, type Lab, labState } from '../src/lab.ts';
import { runInHost } from '../src/spawn.ts';
import { waitFor } from '../src/wait.ts';

/** Where somebody once let a display listen, for a moment. */
const FORGOTTEN = 5999;
const LIBVIRT_TLS = 16_514;
const SECRET = 'the-screen-of-a-guest';

const LISTEN = `require('net').createServer((s) => s.on('error', () => {}).end(process.argv[2])).listen(+process.argv[1])`;
/** Prints `connected` and what comes within five seconds. */
const CALL = `const s = require('net').connect(+process.argv[2], process.argv[1], () => console.log('connected'));
s.on('data', (d) => console.log(String(d))); s.on('error', (e) => console.log(e.code)); s.on('end', () => process.exit());
setTimeout(() => process.exit(), 5000);`;

const callFrom = async (lab: Lab, host: string, address: string, port: number): Promise<string> =>
  (await runInHost(lab, host, [process.execPath, '-e', CALL, address, String(port)])).stdout;

export const forgottenListener: Attack = {
  id: 'forgotten-listener',
  title: 'A fallen host reads from a port that was forgotten on another host',
  protects: "the firewall of a host's management side",
  needsPolicy: true,
  async run({ lab, policy }) {
    const [victim, attacker] = labState(lab).hosts;
    if (victim === undefined || attacker === undefined)
      throw new LabError('LAB_USAGE', 'The attack forgotten-listener needs two hosts');
    const address = hostPaths(lab, victim).managementAddress;
    const ended = new AbortController();
    const listening = runInHost(lab, victim, [process.execPath, '-e', LISTEN, String(FORGOTTEN), SECRET], {
      timeoutMs: 120_000,
      signal: ended.signal,
    });
    try {
      const isUp = async () => (await callFrom(lab, victim, address, FORGOTTEN)).includes(SECRET);
      await waitFor('the forgotten port listens', isUp, { timeoutMs: 60_000 });
      await policy?.guardHosts?.();
      const read = await callFrom(lab, attacker, address, FORGOTTEN);
      const control = await callFrom(lab, attacker, address, LIBVIRT_TLS);
      return {
        succeeded: read.includes(SECRET),
        control: control.includes('connected'),
        evidence: read.includes(SECRET) ? `${attacker} read ${SECRET}` : `${attacker} got no answer in 5 s`,
      };
    } finally {
      ended.abort();
      await listening.catch(() => undefined);
      await policy?.unguardHosts?.();
    }
  },
};
