import type { HostIntent, IntentRule, OnFailure } from '@hypervigil/model';
import { ct, DROP, directed, equals, field, meta, type NftCommand, type NftStatement } from '@hypervigil/nft';
import { encodeMark } from './mark.ts';
import { addChain, addRule, addSet } from './table.ts';

const UDP = 17;
const PORT = 53;

/** Questions about names are copied as long as a connection lasts: a resolver asks them all over one. */
export const DNS = [equals(meta('l4proto'), UDP), equals(directed('proto-dst', 'original'), PORT)];
export const QUESTIONS = { rate: 1000, per: 'second', burst: 1000 } as const;

/** The netlink queue in which questions wait until somebody has read them. */
export const QUESTION_QUEUE = 5;

/** How many questions of a vNIC are read, which may be a resolver's; a flood of them ends here, and leaves room for those of others. */
const ASKED = { rate: 500, per: 'second', burst: 500 } as const;
const ASKERS = { name: 'askers', type: 'ether_addr', flags: ['timeout'], size: 4096, timeout: 60 } as const;

interface Held {
  readonly intent: HostIntent;
  readonly generation: number;
  readonly slotOf: (rule: number) => number;
}

const blocksName = ({ inspect }: IntentRule): boolean => (inspect?.blocks?.names.length ?? 0) > 0;

/** Whether any rule blocks names: then questions about them have to be read. */
export const blocksNames = ({ rules }: HostIntent): boolean => rules.some(blocksName);

/**
 * Questions about names that rules which block names let through wait until somebody has read them. While nobody does, those of a rule
 * that fails open pass. Into chain `allowed`, before anything else.
 * @param copied copies a packet to the detector
 */
export function heldQuestions({ intent, generation, slotOf }: Held, copied: readonly NftStatement[]): NftCommand[] {
  if (!blocksNames(intent)) return [];
  const held = (onFailure: OnFailure): NftCommand[] => {
    const rules = intent.rules.filter((rule) => blocksName(rule) && rule.inspect?.onFailure === onFailure);
    if (rules.length === 0) return [];
    const name = `questions_${onFailure}`;
    const marks = rules.map(({ num }) => encodeMark({ generation, verdict: 'allow', slot: slotOf(num) }));
    const asked: NftStatement = {
      set: { op: 'update', elem: field('ether', 'saddr'), set: `@${ASKERS.name}`, stmt: [{ limit: ASKED }] },
    };
    return [
      addSet({ name, type: 'mark', elem: [...new Set(marks)] }),
      addChain(name),
      ...(copied.length > 0 ? [addRule(name, [{ limit: QUESTIONS }, ...copied])] : []),
      addRule(name, [
        asked,
        // As a copied packet has it: it says which rule has let it through.
        { mangle: { key: meta('mark'), value: ct('mark') } },
        { queue: { num: QUESTION_QUEUE, ...(onFailure === 'open' && { flags: 'bypass' }) } },
      ]),
      addRule(name, [DROP]),
      ...(['udp', 'tcp'] as const).map((protocol) =>
        addRule('allowed', [
          equals(field(protocol, 'dport'), PORT),
          equals(ct('mark'), `@${name}`),
          { goto: { target: name } },
        ]),
      ),
    ];
  };
  return [addSet(ASKERS), ...held('closed'), ...held('open')];
}
