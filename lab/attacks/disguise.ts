import type { Attack, AttackContext, AttackResult } from '../src/attack.ts';
import { converse, ROUNDS, SSH_GREETING, tlsGreeting, whileAnswering } from '../src/conversation.ts';
import { LabError } from '../src/errors.ts';

/** Where TLS is meant. */
const PORT = 443;
const BLOCKS = { applications: ['SSH'], names: ['*.forbidden.example'], risks: [] };

/** Says something that a rule blocks beside something that it does not, on the same port of the same VM. */
async function disguise({ lab, cast, policy }: AttackContext, opening: Buffer, what: string): Promise<AttackResult> {
  const { attacker, victim } = cast;
  if (!policy) throw new LabError('LAB_USAGE', 'Attacks on gateways need a way to change the policy');
  const meeting = { from: attacker, to: victim, port: PORT };
  try {
    return await whileAnswering(lab, victim.name, PORT, async () => {
      await policy.inspectFor(attacker.name, victim.name, PORT, BLOCKS);
      const honest = await converse(lab, meeting, await tlsGreeting('www.allowed.example'));
      const answers = await converse(lab, meeting, opening);
      return {
        succeeded: answers === ROUNDS,
        control: honest === ROUNDS,
        evidence: `of ${ROUNDS} rounds with ${victim.name}, ${what} had ${answers} and TLS to an allowed name ${honest}`,
      };
    });
  } finally {
    await policy.revoke();
  }
}

export const sshOn443: Attack = {
  id: 'ssh-on-443',
  title: 'A VM speaks SSH on the port where it may speak TLS',
  protects: 'a rule that blocks an application',
  needsPolicy: true,
  run: (context) => disguise(context, SSH_GREETING, 'SSH'),
};

export const forbiddenName: Attack = {
  id: 'forbidden-name',
  title: 'A VM speaks TLS to a name that it may not speak to, at an address that it may',
  protects: 'a rule that blocks a name',
  needsPolicy: true,
  run: async (context) => disguise(context, await tlsGreeting('www.forbidden.example'), 'TLS to a forbidden name'),
};
