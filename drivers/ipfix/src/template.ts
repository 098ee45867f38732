import { type FieldSpec, VARIABLE_LENGTH } from './elements.ts';
import { CLOCK, placeOf, SLOT, SLOT_COUNT } from './slots.ts';

/**
 * A template, compiled: where each slot lies in a record, relative to its start; −1 where the template lacks it.
 *
 * Records with variable-length fields differ in shape only when those lengths differ, and they seldom do (Open
 * vSwitch sends interface names): the offsets of the last shape are kept and worked out again when a length changes.
 */
export class Template {
  readonly id: number;
  readonly fields: readonly FieldSpec[];
  readonly isOptions: boolean;
  /** Octets of the shortest record; of every record when nothing varies. At least one. */
  readonly minLength: number;
  readonly hasVariable: boolean;
  readonly startClock: number;
  readonly endClock: number;
  /** Slot → offset of the value, for the shape located last. */
  readonly at = new Int32Array(SLOT_COUNT).fill(-1);
  /** Slot → octets of the value. */
  readonly size = new Uint8Array(SLOT_COUNT);
  readonly #variable: readonly VariableField[];
  readonly #slots: readonly SlotField[];
  #located: number;

  constructor(id: number, fields: readonly FieldSpec[], isOptions: boolean) {
    this.id = id;
    this.fields = fields;
    this.isOptions = isOptions;
    const plan = planFields(fields);
    this.minLength = plan.minLength;
    this.#variable = plan.variable;
    this.hasVariable = plan.variable.length > 0;
    this.#slots = plan.slots;
    this.startClock = plan.slots.find(({ slot }) => slot === SLOT.start)?.clock ?? CLOCK.none;
    this.endClock = plan.slots.find(({ slot }) => slot === SLOT.end)?.clock ?? CLOCK.none;
    this.#located = plan.minLength;
    this.#place();
  }

  /**
   * Fits the offsets to the record at `start`.
   * @returns the record's length, or −1 when it does not end before `end`
   */
  locate(bytes: Uint8Array, start: number, end: number): number {
    if (!this.hasVariable) return start + this.minLength <= end ? this.minLength : -1;
    let changed = false;
    let shift = 0;
    for (const field of this.#variable) {
      const at = start + field.offset + shift;
      if (at >= end) return -1;
      let extra = bytes[at]!;
      if (extra === 255) {
        if (at + 2 >= end) return -1;
        extra = 2 + bytes[at + 1]! * 256 + bytes[at + 2]!;
      }
      if (extra !== field.extra) {
        field.extra = extra;
        changed = true;
      }
      shift += extra;
    }
    if (changed) {
      this.#located = this.minLength + shift;
      this.#place();
    }
    return start + this.#located <= end ? this.#located : -1;
  }

  #place(): void {
    for (const { slot, length, offset, variableBefore } of this.#slots) {
      let at = offset;
      for (let i = 0; i < variableBefore; i++) at += this.#variable[i]!.extra;
      this.at[slot] = at;
      this.size[slot] = length;
    }
  }
}

/** A field whose length stands in the record. `offset` as if all variable values were empty. */
interface VariableField {
  readonly offset: number;
  /** Octets beyond the first length octet, in the shape located last. */
  extra: number;
}

interface SlotField {
  readonly slot: number;
  readonly length: number;
  readonly offset: number;
  readonly variableBefore: number;
  readonly clock: number;
}

function planFields(fields: readonly FieldSpec[]) {
  const variable: VariableField[] = [];
  const best = new Map<number, SlotField & { rank: number }>();
  let offset = 0;
  for (const field of fields) {
    const place = placeOf(field);
    const known = place === null ? undefined : best.get(place.slot);
    // RFC 7011, 8: of equal elements the first is the outermost, which is the one that a switch saw.
    if (place !== null && (known === undefined || place.rank < known.rank)) {
      const { slot, clock, rank } = place;
      best.set(slot, { slot, clock, rank, length: field.length, offset, variableBefore: variable.length });
    }
    if (field.length === VARIABLE_LENGTH) variable.push({ offset, extra: 0 });
    offset += field.length === VARIABLE_LENGTH ? 1 : field.length;
  }
  return { minLength: offset, variable, slots: [...best.values()] };
}
