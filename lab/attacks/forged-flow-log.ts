import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { flowMessage, NOBODY, tell } from '../src/flow-telling.ts';
import { addressOf } from '../src/vm/spec.ts';
import { hostOf } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

/** An address for documents (RFC 5737): with this machine the victim shall have talked. */
const BAD_COMPANY = '203.0.113.99';
const PORTS = { forged: 6667, honest: 6668 };
/** As packets of an allowed connection are told (core/pipeline, observation.ts): `HV`, and no bit of the lower half. */
const DOMAIN = 0x4856_0000;
const LOOPBACK = '127.0.0.1';

export const forgedFlowLog: Attack = {
  id: 'forged-flow-log',
  title: 'A program that escaped from its VM writes into the flow log what a VM never did',
  protects: 'only the switch tells of flows',
  needsPolicy: true,
  async run({ lab, cast: { victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack forged-flow-log needs a flow log');
    const host = await hostOf(lab, victim.name);
    const log = await policy.flowLog(host);
    const flow = (port: number) => ({ from: addressOf(victim.ipv4), to: BAD_COMPANY, port });
    try {
      const say = (uid: number, port: number) =>
        tell(lab, host, { uid, source: LOOPBACK }, flowMessage({ ...flow(port), mac: victim.mac, domain: DOMAIN }));
      await say(NOBODY, PORTS.forged);
      // As the switch's own user sends it, which whoever is root here can do: it comes after the forged one.
      await say(0, PORTS.honest);
      const control = await waitFor('the honest record is in the flow log', () => log.has(flow(PORTS.honest)), {
        timeoutMs: 60_000,
        everyMs: 200,
      }).catch(() => false);
      const succeeded = await log.has(flow(PORTS.forged));
      const verb = succeeded ? 'says' : 'does not say';
      const evidence = `the flow log ${verb} that ${victim.name} talked to ${BAD_COMPANY}, which it never did`;
      return { succeeded, control, evidence };
    } finally {
      await log.close();
    }
  },
};
