import type { Attack, AttackContext, AttackResult } from '../src/attack.ts';
import { askNames, converse, ROUNDS, SSH_GREETING, tlsGreeting, whileAnswering } from '../src/conversation.ts';
import { LabError } from '../src/errors.ts';

/** Who is recognised is so by its first words. */
const HONEST_ROUNDS = 20;
/** Where TLS is meant. */
const PORT = 443;
const [FORBIDDEN, ALLOWED] = ['www.forbidden.example', 'www.allowed.example'];
const BLOCKS = { applications: ['SSH'], names: ['*.forbidden.example'], risks: [] };

/** Says something that a rule blocks beside something that it does not, on the same port of the same VM. */
async function disguise({ lab, cast, policy }: AttackContext, opening: Buffer, what: string): Promise<AttackResult> {
  const { attacker, victim } = cast;
  if (!policy) throw new LabError('LAB_USAGE', 'Attacks on gateways need a way to change the policy');
  const meeting = { from: attacker, to: victim, port: PORT };
  try {
    return await whileAnswering(lab, victim.name, PORT, async () => {
      await policy.inspectFor(attacker.name, victim.name, PORT, BLOCKS);
      const honest = await converse(lab, meeting, await tlsGreeting(ALLOWED), HONEST_ROUNDS);
      const answers = await converse(lab, meeting, opening);
      return {
        succeeded: answers === ROUNDS,
        control: honest === HONEST_ROUNDS,
        evidence: `of ${ROUNDS} rounds with ${victim.name}, ${what} had ${answers}; of ${HONEST_ROUNDS}, TLS to an allowed name ${honest}`,
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
  title: 'A VM asks for a name that it may not speak to, and speaks TLS to it, at addresses that it may',
  protects: 'a rule that blocks a name',
  needsPolicy: true,
  async run(context) {
    const spoken = await disguise(context, await tlsGreeting(FORBIDDEN), 'TLS to a forbidden name');
    const asked = await inquire(context);
    return {
      succeeded: spoken.succeeded || asked.succeeded,
      control: spoken.control && asked.control,
      evidence: `${spoken.evidence}; ${asked.evidence}`,
    };
  },
};

export const unheardRule: Attack = {
  id: 'unheard-rule',
  title:
    'A VM asks for a name that a new rule blocks, while gateways hear nothing of the rule and pass packets as before',
  protects: 'rules that fail closed at a gateway that has not learnt them',
  needsPolicy: true,
  async run({ lab, cast, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack unheard-rule needs a way to change the policy');
    const { attacker, victim, udpPort } = cast;
    const meeting = { from: attacker, to: victim, port: udpPort };
    const ask = async () => (await askNames(lab, meeting, [FORBIDDEN]))[0] ?? 0;
    try {
      await policy.inspect(attacker.name, victim.name, udpPort);
      const before = await ask();
      await policy.revoke();
      await policy.inspectUnheard(attacker.name, victim.name, udpPort, BLOCKS);
      const answered = await ask();
      const evidence = `${answered} questions for the name were answered under the rule, and ${before} before it`;
      return { succeeded: answered > 0, control: before > 0, evidence };
    } finally {
      await policy.revoke();
      await policy.restartGateways?.();
    }
  },
};

/** Asks a resolver for a name that a rule blocks, and over the same port for one that it does not. */
async function inquire({ lab, cast, policy }: AttackContext): Promise<AttackResult> {
  const { attacker, victim, udpPort } = cast;
  try {
    await policy?.inspectFor(attacker.name, victim.name, udpPort, BLOCKS);
    const meeting = { from: attacker, to: victim, port: udpPort };
    const [answered = 0, honest = 0] = await askNames(lab, meeting, [FORBIDDEN, ALLOWED]);
    const evidence = `${answered} questions for the name were answered, and ${honest} for an allowed one`;
    return { succeeded: answered > 0, control: honest > 0, evidence };
  } finally {
    await policy?.revoke();
  }
}
