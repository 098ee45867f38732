import { setImmediate as otherWork } from 'node:timers/promises';
import type { AssertionResult } from '@hypervigil/contract';
import type { Assertion } from '@hypervigil/model';
import type { TrafficAssertion, Violation } from '@hypervigil/policy';
import type { Desk, Of, Subject } from '../analysis/desk.ts';
import { enabledAssertions } from './assertions.ts';

export interface Checked {
  /** Of the draft, or of what is published. */
  readonly revision: number;
  readonly items: AssertionResult[];
}

/** Proves every enabled assertion of some policies on the cloud as it is now, or finds a packet against it. */
export async function checkAssertions(desk: Desk, { of }: { of: Of }, signal: AbortSignal): Promise<Checked> {
  const assertions = await enabledAssertions(desk.db);
  const subject = await desk.subject(of);
  const items: AssertionResult[] = [];
  for (const one of assertions) {
    const { id, name, kind, owner } = one;
    items.push({ assertion: { id, name, kind, owner }, ...found(subject, one) });
    await otherWork();
    signal.throwIfAborted();
  }
  return { revision: subject.revision, items };
}

function found({ analysis, names }: Subject, assertion: Assertion): Pick<AssertionResult, 'state' | 'violation'> {
  const question = questionOf(assertion);
  const violation = analysis.violation(question);
  if (violation !== undefined) return { state: 'violated', violation: told(names, violation) };
  return { state: analysis.isPossible(question) ? 'holds' : 'void', violation: null };
}

/** What "only" asks is that everybody else is kept out. */
function questionOf({ kind, from, to, services }: Assertion): TrafficAssertion {
  if (kind === 'only') return { verdict: 'deny', from: {}, except: from, to, services };
  return { verdict: kind === 'never' ? 'deny' : 'allow', from, to, services };
}

function told(names: Subject['names'], { verdict, ruleId, ruleNum, witness }: Violation): AssertionResult['violation'] {
  return {
    verdict,
    rule: names.rule(ruleId),
    ruleNum,
    from: names.holder(witness.network, witness.src),
    to: names.holder(witness.network, witness.dst),
    packet: names.packet(witness),
  };
}
