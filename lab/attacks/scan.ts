import { randomInt } from 'node:crypto';
import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { ask, type Question } from '../src/probes.ts';
import { addressOf } from '../src/vm/spec.ts';
import { hostOf } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';
import { isNoticed } from './noticing.ts';

/** What scanners try first, what the victim serves among it. */
const PORTS = [21, 22, 23, 25, 53, 80, 110, 139, 143, 443, 445, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 9187, 9200];
/** Besides, ports that were not tried before: only first contacts tell of a scan. */
const freshPorts = () => Array.from({ length: 20 }, (_, n) => 20_000 + 1_000 * n + randomInt(1_000));
/** How long who asks waits for the answer to a question that is allowed, and to one that is not. */
const SECONDS = { allowed: 60, forbidden: 3 };

export const scan: Attack = {
  id: 'scan',
  title: "A VM finds out which ports another tenant's VM has open, or tries to and is not noticed",
  protects: 'no answer to who may not ask, every attempt in the flow log, and an alert',
  needsPolicy: true,
  async run({ lab, cast: { attacker, stranger, victim, udpPort }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack scan needs a flow log');
    const [from, to] = [addressOf(stranger.ipv4), addressOf(victim.ipv4)];
    const [answer] = await ask(lab, attacker.name, [{ protocol: 'udp', to, port: udpPort, seconds: SECONDS.allowed }]);
    const control = answer === 'open';

    const question = (protocol: Question['protocol'], port: number): Question => ({
      ...{ protocol, to, port },
      seconds: SECONDS.forbidden,
    });
    const beganMs = Date.now();
    const ports = [...PORTS, ...freshPorts()];
    const questions = [question('icmp', 0), ...ports.map((port) => question('tcp', port))];
    const answers = await ask(lab, stranger.name, questions);
    const learnt = answers.filter((one) => one !== 'silent').length;
    const of = `${learnt} of ${answers.length} questions were answered`;
    if (learnt > 0) return { succeeded: true, control, evidence: of };

    const log = await policy.flowLog(await hostOf(lab, stranger.name));
    const unnoticed = async () => {
      const isLogged = await Promise.all(ports.map((port) => log.has({ from, to, port, verdict: 'deny' })));
      return isLogged.filter((isThere) => !isThere).length;
    };
    try {
      const areNoticed = async () => (await unnoticed()) === 0;
      await waitFor('the flow log', areNoticed, { timeoutMs: 60_000, everyMs: 500 }).catch(() => undefined);
      const left = await unnoticed();
      const logged = `${of}, and ${left} of ${ports.length} tries at a port are not in the flow log`;
      const alertsOf = policy.alertsOf;
      if (left > 0 || alertsOf === undefined) return { succeeded: left > 0, control, evidence: logged };
      const { isTold, evidence } = await isNoticed(alertsOf, stranger.name, 'port-scan', beganMs);
      return { succeeded: !isTold, control, evidence: `${logged}; ${evidence}` };
    } finally {
      await log.close();
    }
  },
};
