import type { IntentService, Service } from '@hypervigil/model';
import type { CloudState } from '../cloud.ts';
import { compileIntent } from '../compiler.ts';
import { intentAt } from '../in-force.ts';
import { compileServices } from '../services.ts';
import { compareReach, type ReachChange } from './comparison.ts';
import { resolveEnd, type Where } from './end.ts';
import { expiredRules } from './expired.ts';
import type { Finding } from './finding.ts';
import { findFindings } from './findings.ts';
import { type MatrixCell, matrix } from './matrix.ts';
import { indexPolicy } from './policy-index.ts';
import { type Question, slicesAbout } from './question.ts';
import { type Reach, reach, type Violation, violation } from './reach.ts';
import { createServiceSpace } from './service-set.ts';

/** Traffic as people ask for it. With no services, every one. */
export interface TrafficQuestion {
  readonly from: Where;
  readonly to: Where;
  /** Senders that are not meant. */
  readonly except?: Where;
  readonly services?: readonly Service[];
}

/** "No VM of X reaches Y": `deny`. "Only G reaches port 22 of H": `deny` to H for everyone except G. */
export interface TrafficAssertion extends TrafficQuestion {
  readonly verdict: 'allow' | 'deny';
}

/**
 * What the policies of a cloud mean at an instant, told exactly: of all packets that can be, none is left out and none is a guess.
 * `evaluatePolicies` is the definition of what a policy says of one packet.
 */
export interface Analysis {
  /** Yields between parts of the work, so that a server may answer somebody else; returns the findings at its end. */
  findings(): Generator<void, Finding[]>;
  /** What becomes of some traffic, apart by the rule that decides it. */
  reach(question: TrafficQuestion): Iterable<Reach>;
  /** What gets from each of some ends to each. */
  matrix(ends: readonly Where[], services?: readonly Service[]): MatrixCell[];
  /** A packet of which an assertion does not hold; undefined when it holds. */
  violation(assertion: TrafficAssertion): Violation | undefined;
  /** Whether any packet can be that a question asks about: without one, whatever is said of it holds. */
  isPossible(question: TrafficQuestion): boolean;
  /** What gets through in `later` and not here, or here and not there. */
  compare(later: CloudState): Iterable<ReachChange>;
}

export function createAnalysis(cloud: CloudState, at: Date): Analysis {
  const services = createServiceSpace();
  const index = indexCloud(cloud, at);
  const ask = ({ from, to, except, services: asked }: TrafficQuestion): Question => ({
    from: resolveEnd(cloud, from),
    to: resolveEnd(cloud, to),
    ...(except ? { except: resolveEnd(cloud, except) } : {}),
    services: neutral(asked),
  });
  return {
    findings: function* () {
      const found = yield* findFindings(isAnybodyCutOff(cloud) ? indexCloud(released(cloud), at) : index, services);
      return [...expiredRules(cloud, at), ...found];
    },
    reach: (question) => reach(index, services, ask(question)),
    matrix: (ends, asked) =>
      matrix(
        index,
        services,
        ends.map((where) => resolveEnd(cloud, where)),
        neutral(asked),
      ),
    violation: (assertion) => violation(index, services, { ...ask(assertion), verdict: assertion.verdict }),
    isPossible: (question) => Iterator.from(slicesAbout(index, services, ask(question))).next().done === false,
    compare: (later) => compareReach(index, indexCloud(later, at), services),
  };
}

const isAnybodyCutOff = ({ vms }: CloudState): boolean => vms.some(({ quarantined }) => quarantined);

/** Rules are judged as they are without quarantines: those pass, and whoever tidies up meanwhile would miss a rule then. */
const released = (cloud: CloudState): CloudState => ({
  ...cloud,
  vms: cloud.vms.map((vm) => ({ ...vm, quarantined: false })),
});

const indexCloud = (cloud: CloudState, at: Date) =>
  indexPolicy(intentAt(compileIntent(cloud, { revision: 0, policyRevision: 0 }), at));

const neutral = (services: readonly Service[] = []): IntentService[] => compileServices(services);
