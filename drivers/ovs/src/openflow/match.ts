import { OvsError } from '../errors.ts';
import { type Field, knownField } from './fields.ts';
import type { Masked } from './values.ts';

export interface FieldMatch extends Masked {
  readonly field: Field;
}

/** What a flow matches: each field once, in the order of their ranks, without fields whose mask is zero. */
export type Match = readonly FieldMatch[];

const wholeRegister = 0xffff_ffffn;

/** Gathers fields, merges bits given in several pieces, and refuses pieces that contradict each other. */
export class MatchBuilder {
  readonly #fields = new Map<Field, Masked>();

  get(field: Field): Masked | undefined {
    return this.#fields.get(field);
  }

  /** Registers are kept as the 64-bit pairs that OpenFlow 1.5 carries: reg2 is the upper half of xreg1. */
  add(field: Field, { value, mask }: Masked): void {
    const [, prefix, number = '0'] = /^(reg|xxreg)(\d+)$/.exec(field.name) ?? [];
    if (prefix === 'reg') {
      const shift = Number(number) % 2 === 0 ? 32n : 0n;
      this.#merge(knownField(`xreg${Number(number) >> 1}`), value << shift, mask << shift);
    } else if (prefix === 'xxreg') {
      const first = 2 * Number(number);
      this.#merge(knownField(`xreg${first}`), value >> 64n, mask >> 64n);
      this.#merge(knownField(`xreg${first + 1}`), value & ((1n << 64n) - 1n), mask & ((1n << 64n) - 1n));
    } else this.#merge(field, value, mask);
  }

  build(): Match {
    return [...this.#fields]
      .map(([field, masked]) => ({ field, ...masked }))
      .sort((a, b) => a.field.rank - b.field.rank);
  }

  #merge(field: Field, value: bigint, mask: bigint): void {
    if (mask === 0n) return;
    const known = this.#fields.get(field);
    if (known && (known.value ^ value) & known.mask & mask) {
      throw new OvsError('bad-value', `The match gives ${field.name} two values.`, { details: { field: field.name } });
    }
    this.#fields.set(field, known ? { value: known.value | value, mask: known.mask | mask } : { value, mask });
  }
}

/** The two 32-bit registers of an xreg, of which either may be unmatched. */
export function registersOf({ field, value, mask }: FieldMatch): { number: number; value: bigint; mask: bigint }[] {
  const first = 2 * Number(field.name.slice('xreg'.length));
  return [
    { number: first, value: value >> 32n, mask: mask >> 32n },
    { number: first + 1, value: value & wholeRegister, mask: mask & wholeRegister },
  ].filter((register) => register.mask !== 0n);
}
