import type { Verdict } from '@hypervigil/model';
import { OBSERVED } from './registers.ts';

/** What a sampled packet says by the constants of its `sample` action (IPFIX observationDomainId, observationPointId). */
export interface Observation {
  readonly verdict: Verdict;
  /** `reply`: sent by the end that did not begin the connection. */
  readonly direction: 'original' | 'reply';
  /** `egress`: judged where it left a vNIC; `ingress`: where it came from the trunk. */
  readonly point: 'egress' | 'ingress';
  readonly ruleNum: number;
  /**
   * `pending`: verdict and rule are those that staged rules would give. `inspection`: a link of its rule's chain is to inspect
   * the packet, and in place of a rule's number stands who does ({@link decodeInspector}).
   */
  readonly about: 'verdict' | 'pending' | 'inspection';
}

/** Who inspects a packet at a link of its rule's chain. */
export interface Inspector {
  /** 0 for the first. */
  readonly link: number;
  /** The gateway's number; {@link NOBODY} when none can take it, and the rule lets it pass. */
  readonly gateway: number;
}
export const NOBODY = 0;

/** A gateway's number has 16 bits; the link stands above them. */
const LINK = 0x1_0000;
export const inspectorPoint = ({ link, gateway }: Inspector): number => link * LINK + gateway;
export const decodeInspector = (point: number): Inspector => ({
  link: Math.floor(point / LINK),
  gateway: point % LINK,
});

/** Upper half of our observation domains; `HV` in ASCII. */
const DOMAIN = 0x4856_0000;

const observationDomain = (observed: number): number => DOMAIN + observed;

const ALL_OBSERVED = Object.values(OBSERVED).reduce((all, bit) => all | bit, 0);

/** Undefined when the sample is somebody else's. */
export function decodeObservation(domain: number, point: number): Observation | undefined {
  const observed = domain - DOMAIN;
  if (observed < 0 || (observed & ~ALL_OBSERVED) !== 0) return undefined;
  return {
    verdict: observed & OBSERVED.deny ? 'deny' : 'allow',
    direction: observed & OBSERVED.reply ? 'reply' : 'original',
    point: observed & OBSERVED.ingress ? 'ingress' : 'egress',
    ruleNum: point,
    about: observed & OBSERVED.pending ? 'pending' : observed & OBSERVED.inspection ? 'inspection' : 'verdict',
  };
}

/** @param probability 1 … 65535 of 65535 */
export function sample(probability: number, observed: number, ruleNum: number): string {
  const observation = `obs_domain_id=${observationDomain(observed)},obs_point_id=${ruleNum}`;
  return `sample(probability=${probability},collector_set_id=${COLLECTOR_SET},${observation})`;
}

export const ALWAYS = 65535;
/** `Flow_Sample_Collector_Set.id` that the engine configures. */
export const COLLECTOR_SET = 1;
