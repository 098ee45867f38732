import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { flowMessage, NOBODY, tell } from '../src/flow-telling.ts';
import { addressOf } from '../src/vm/spec.ts';
import { hostOf } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

/** An address for documents (RFC 5737): with this machine the victim shall have talked. */
const BAD_COMPANY = '203.0.113.98';
const PORTS = { forged: 6669, honest: 6670 };
/** Of the exporter, and of whoever would be one. */
const SOURCES = { exporter: '127.0.0.1', somebody: '127.0.0.66' };
const DOMAIN = 1;

export const forgedExporter: Attack = {
  id: 'forged-exporter',
  title: 'Somebody tells the host, as a switch would, of a connection that a VM never had',
  protects: 'only enrolled exporters are believed',
  needsPolicy: true,
  async run({ lab, cast: { victim }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack forged-exporter needs a flow log');
    const host = await hostOf(lab, victim.name);
    const log = await policy.flowLog(host);
    const distrust = await policy.trustExporter?.(host, SOURCES.exporter);
    const flow = (port: number) => ({ from: addressOf(victim.ipv4), to: BAD_COMPANY, port });
    try {
      const say = (source: string, port: number) => {
        const message = flowMessage({ ...flow(port), mac: victim.mac, domain: DOMAIN });
        return tell(lab, host, { uid: NOBODY, source }, message);
      };
      await say(SOURCES.somebody, PORTS.forged);
      // Of the exporter itself, after that.
      await say(SOURCES.exporter, PORTS.honest);
      const control = await waitFor("the exporter's record is in the flow log", () => log.has(flow(PORTS.honest)), {
        timeoutMs: 60_000,
        everyMs: 200,
      }).catch(() => false);
      const succeeded = await log.has(flow(PORTS.forged));
      const verb = succeeded ? 'says' : 'does not say';
      const evidence = `the flow log ${verb} that ${victim.name} talked to ${BAD_COMPANY}, as somebody told it`;
      return { succeeded, control, evidence };
    } finally {
      await distrust?.();
      await log.close();
    }
  },
};
