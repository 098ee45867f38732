import assert from 'node:assert/strict';
import type { Client } from '@hypervigil/contract';
import { type CloudState, compileIntent, evaluate, intentAt, type Packet, PROTOCOL } from '@hypervigil/policy';
import { cloudState } from '@hypervigil/policy/testing';
import fc from 'fast-check';
import { everyHostEnforces } from '../../src/cloud/engines.ts';
import { type Lab, labState } from '../../src/index.ts';
import { ask, type Outcome, type Question, startAnswering } from '../../src/probes.ts';
import { addressOf } from '../../src/vm/spec.ts';
import { all, waitFor } from '../../src/wait.ts';
import { setStage } from './random-stage.ts';
import { WAIT } from './witness.ts';

/** Sets of policies that are tried, and connections that are tried of each. */
const SETS = Number(process.env['HV_POLICY_SETS'] ?? 4);
const CONNECTIONS = 40;
/** What brought a mistake to light does so again. */
const SEED = Number(process.env['HV_SEED'] ?? Date.now() % 2 ** 31);

/** Who plays the VMs of random clouds, the first one first. */
const CAST = ['web1', 'app1', 'db1', 'shop1', 'cache1'];
const PORTS = { tcp: [22, 80, 8042], udp: [1, 53] };
/** For how long it is tried what should be answered, and what should not be; in seconds. */
const PATIENCE = { answered: 60, silent: 3 };
/** As the port of who asks is: no random rule names it. */
const CLIENT_PORT = 40_000;

interface Attempt {
  readonly from: string;
  readonly to: string;
  readonly six: boolean;
  readonly protocol: Question['protocol'];
  readonly port: number;
}

const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    ends: fc.shuffledSubarray(CAST, { minLength: 2, maxLength: 2 }),
    six: fc.constantFrom(false, false, true),
    service: fc.constantFrom<Pick<Attempt, 'protocol' | 'port'>>(
      ...PORTS.tcp.map((port) => ({ protocol: 'tcp' as const, port })),
      ...PORTS.udp.map((port) => ({ protocol: 'udp' as const, port })),
      { protocol: 'icmp', port: 0 },
    ),
  })
  .map(({ ends: [from, to], six, service }) => ({ from: from!, to: to!, six, ...service }));

const scene = fc.record({
  cloud: cloudState,
  attempts: fc.uniqueArray(attempt, {
    minLength: CONNECTIONS,
    maxLength: CONNECTIONS,
    selector: (one) => JSON.stringify(one),
  }),
});

/**
 * Publishes random policies in the demo cloud and tries from inside its guests what passes: what the evaluator says, which
 * reads the policies as the platform has them.
 */
export async function proveRandomPolicies(lab: Lab, client: Client): Promise<void> {
  const publish = async () => {
    const { draftRevision } = await client.getPolicyStatus();
    await client.publishPolicy({ body: { draftRevision, comment: '' } });
    const isConfirmed = async () =>
      (await client.getPublishProgress({ query: { revision: 'published' } })).hosts.every(
        ({ state }) => state === 'confirmed',
      );
    await waitFor('every host confirms the policies', isConfirmed, WAIT);
  };
  const answering = await all(CAST.map((vm) => startAnswering(lab, vm, PORTS)));
  try {
    for (const [n, { cloud, attempts }] of fc.sample(scene, { seed: SEED, numRuns: SETS }).entries()) {
      const stage = await setStage(client, cloud, CAST, publish);
      try {
        const wrong = await tryAll(lab, stage.cloud, attempts);
        assert.deepEqual(wrong, [], `the set of policies ${n + 1} of HV_SEED=${SEED} HV_POLICY_SETS=${n + 1}`);
      } finally {
        await stage.clear();
      }
    }
  } finally {
    await all(answering.map((one) => one.end()));
  }
  await everyHostEnforces(client, labState(lab).hosts.length);
}

/** Connections that went otherwise than the evaluator says. */
async function tryAll(lab: Lab, cloud: CloudState, attempts: readonly Attempt[]): Promise<object[]> {
  const predict = createPredictor(lab, cloud);
  const predicted = attempts.flatMap((one) => {
    const outcome = predict(one);
    return outcome === undefined ? [] : [{ ...one, outcome }];
  });
  const wrong = [...Map.groupBy(predicted, ({ from }) => from)].map(async ([from, some]) => {
    const questions = some.map(({ protocol, to, six, port, outcome }) => {
      const seconds = outcome === 'silent' ? PATIENCE.silent : PATIENCE.answered;
      return { protocol, to: addressIn(lab, to, six), port, seconds };
    });
    const seen = await ask(lab, from, questions);
    return some.flatMap((one, n) => (one.outcome === seen[n] ? [] : [{ ...one, seen: seen[n] }]));
  });
  return (await all(wrong)).flat();
}

const addressIn = (lab: Lab, name: string, six: boolean): string =>
  addressOf(labState(lab).vms[name]!.spec[six ? 'ipv6' : 'ipv4']);

/** How a connection ends; undefined where that is not certain. */
function createPredictor(lab: Lab, cloud: CloudState): (attempt: Attempt) => Outcome | undefined {
  const intent = intentAt(compileIntent(cloud, { revision: 1, policyRevision: 1 }), new Date());
  const network = intent.vnics[0]!.network;
  return ({ from, to, six, protocol, port }) => {
    const packet: Packet = {
      network,
      src: addressIn(lab, from, six),
      dst: addressIn(lab, to, six),
      protocol: protocol === 'icmp' && six ? PROTOCOL.icmpv6 : PROTOCOL[protocol],
      ...(protocol === 'icmp' ? { icmp: { type: six ? 128 : 8, code: 0 } } : { port }),
    };
    const { verdict, ruleNum } = evaluate(intent, packet);
    if (verdict === 'allow') return 'open';
    const isRejected = intent.rules.some(({ num, action }) => num === ruleNum && action === 'reject');
    if (protocol === 'tcp') return isRejected ? 'refused' : 'silent';
    if (protocol === 'icmp') return 'silent';
    // Soon after a VM came to a host, a datagram may be taken for the answer to one that conntrack there did not see.
    const asAnswer = { ...packet, src: packet.dst, dst: packet.src, port: CLIENT_PORT };
    return evaluate(intent, asAnswer).verdict === 'allow' ? undefined : 'silent';
  };
}
