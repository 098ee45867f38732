import type { FlowRecord } from '@hypervigil/contract';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import { decodeInspector, NOBODY } from '@hypervigil/pipeline';
import type { Said } from './gateway-words.ts';
import { createNotes } from './notes.ts';

type Inspection = FlowRecord['inspection'];

/** Who inspects what two ends do, and what becomes of it. */
export interface Inspections {
  /** @returns whether it is news that there this gateway inspects */
  note(ends: string, point: number): boolean;
  /** @param said by gateways */
  of(ends: string, rule: number, said: Said | undefined): Inspection;
  expire(): void;
}

interface InspectionsOptions {
  /** Through how many groups of gateways a rule, by its number, sends what it allows. */
  readonly linksOf: (rule: number) => number;
  /** The identity of one of this host's gateways, by its number. */
  readonly gatewayId: (num: number) => string | undefined;
  readonly max: number;
  readonly ttlMs: number;
  readonly steady: () => number;
}

const NOTHING = { later: [], applications: [], name: null, risks: [], blocked: null };

export function createInspections({ linksOf, gatewayId, ...notes }: InspectionsOptions): Inspections {
  /** Of two ends: which gateway inspected at each link. */
  const inspectors = createNotes<number>({ ...notes, isSame: (a, b) => a === b });
  const theGateway = (num: number) => ({ num, id: gatewayId(num) ?? null });

  const copied = (said: Said | undefined): Inspection => {
    if (said === undefined || said.copiedTo === null) return null;
    if (said.recognised === null && said.signatures.length === 0) return null;
    return { outcome: 'copied', gateway: theGateway(said.copiedTo), ...seenBy(said) };
  };

  return {
    note(ends, point) {
      const { link, gateway } = decodeInspector(point);
      return inspectors.set(atLink(link, ends), gateway);
    },
    of(ends, rule, said) {
      if (rule === SYNTHETIC_RULES['gateway-down'])
        return { outcome: 'dropped', gateway: null, ...NOTHING, signatures: [] };
      const count = linksOf(rule);
      if (count === 0) return copied(said);
      const links = Array.from({ length: count }, (_, link) => inspectors.get(atLink(link, ends)));
      if (links.every((num) => num === undefined)) return copied(said);
      // A link that has not said anything yet may still.
      const through = links.filter((num) => num !== undefined && num !== NOBODY);
      const [first, ...later] = through.map((num) => theGateway(num!));
      if (first === undefined) return { outcome: 'bypassed', gateway: null, ...seenBy(said) };
      const outcome = links.includes(NOBODY) ? 'partly' : 'through';
      return { outcome, gateway: first, ...seenBy(said), later };
    },
    expire: inspectors.expire,
  };
}

const seenBy = (said: Said | undefined) => ({
  ...NOTHING,
  ...said?.recognised,
  signatures: [...(said?.signatures ?? [])],
});

const atLink = (link: number, ends: string): string => `${link} ${ends}`;
