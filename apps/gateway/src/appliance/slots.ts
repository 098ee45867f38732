import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { decodeMark, GENERATIONS, SLOTS } from '@hypervigil/gateway-rules';

/** Whose judgement a connection's mark tells of. */
interface Judgement {
  readonly verdict: 'allow' | 'deny';
  readonly rule: number;
  readonly revision: number;
}

/**
 * What the numbers in connection marks stand for: a slot for each rule ever applied, and the policy revision of each
 * generation. Kept in a file, so that the program may end and begin again while connections live on.
 */
export interface Slots {
  /** The next generation, of this revision; `wrapped` when generations begin anew, and marks of old ones must go first. */
  next(revision: number): { readonly generation: number; readonly wrapped: boolean };
  slotOf(rule: number): number;
  judgementOf(mark: number): Judgement | undefined;
  save(): void;
}

interface Saved {
  readonly generation: number;
  readonly rules: readonly number[];
  readonly revisions: readonly (readonly [number, number])[];
}

export function openSlots(file: string): Slots {
  const saved = read(file);
  let generation = saved.generation;
  /** Place in the list is the slot; the first is for a rule that nobody knows any more. */
  const rules = [...saved.rules];
  const slots = new Map(rules.map((rule, slot) => [rule, slot]));
  const revisions = new Map(saved.revisions);

  return {
    next(revision) {
      const wrapped = generation === GENERATIONS - 1;
      generation = wrapped ? 1 : generation + 1;
      if (wrapped) revisions.clear();
      revisions.set(generation, revision);
      return { generation, wrapped };
    },
    slotOf(rule) {
      const known = slots.get(rule);
      if (known !== undefined) return known;
      if (rules.length === SLOTS) return 0;
      slots.set(rule, rules.length);
      return rules.push(rule) - 1;
    },
    judgementOf(mark) {
      const found = decodeMark(mark);
      if (!found) return undefined;
      const revision = revisions.get(found.generation) ?? 0;
      return { verdict: found.verdict, rule: rules[found.slot] ?? 0, revision };
    },
    save() {
      const all: Saved = { generation, rules, revisions: [...revisions] };
      writeFileSync(`${file}.new`, JSON.stringify(all), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): Saved {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Saved;
  } catch {
    // The first start after power-on.
    return { generation: 0, rules: [0], revisions: [] };
  }
}
