import { type FieldSpec, VARIABLE_LENGTH } from './elements.ts';
import { FORM, placeOf, SLOT } from './slots.ts';

/** One number to read from each record: the compiled form of a field, or of a part of one. */
export interface Step {
  readonly slot: number;
  readonly form: number;
  readonly size: number;
  /** From the beginning of the record, when all variable values are empty. */
  readonly offset: number;
  /** How many variable values come before. */
  readonly variableBefore: number;
  /** From the beginning of the record, for the shape located last. */
  at: number;
}

/**
 * A template, compiled into the steps that read its records.
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
  readonly steps: readonly Step[];
  readonly hasIpv4: boolean;
  readonly hasIpv6: boolean;
  readonly hasIcmp: boolean;
  readonly hasBootTime: boolean;
  readonly #variable: readonly VariableField[];
  #located: number;

  constructor(id: number, fields: readonly FieldSpec[], isOptions: boolean) {
    this.id = id;
    this.fields = fields;
    this.isOptions = isOptions;
    const { minLength, variable, steps } = compile(fields);
    const has = (slot: number) => steps.some((step) => step.slot === slot);
    this.minLength = minLength;
    this.hasVariable = variable.length > 0;
    this.steps = steps;
    this.hasIpv4 = has(SLOT.srcIpv4);
    this.hasIpv6 = has(SLOT.srcIpv6);
    this.hasIcmp = has(SLOT.icmpType);
    this.hasBootTime = has(SLOT.bootTime);
    this.#variable = variable;
    this.#located = minLength;
  }

  /**
   * Fits the steps to the record at `start`.
   * @returns the record's length, or −1 when it does not end before `end`
   */
  locate(bytes: Uint8Array, start: number, end: number): number {
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
    if (changed) this.#place();
    this.#located = this.minLength + shift;
    return start + this.#located <= end ? this.#located : -1;
  }

  #place(): void {
    for (const step of this.steps) {
      step.at = step.offset;
      for (let i = 0; i < step.variableBefore; i++) step.at += this.#variable[i]!.extra;
    }
  }
}

/** A field whose length stands in the record. `offset` as if all variable values were empty. */
interface VariableField {
  readonly offset: number;
  /** Octets beyond the first length octet, in the shape located last. */
  extra: number;
}

function compile(fields: readonly FieldSpec[]) {
  const variable: VariableField[] = [];
  const best = new Map<number, Step & { rank: number }>();
  let at = 0;
  for (const field of fields) {
    const place = placeOf(field);
    for (const part of place?.parts ?? []) {
      const known = best.get(part.slot);
      const rank = place!.rank;
      // RFC 7011, 8: of equal elements the first is the outermost, which is the one that a switch saw.
      if (known !== undefined && known.rank <= rank) continue;
      const offset = at + part.offset;
      const size = part.size === 0 ? field.length : part.size;
      const { slot, form } = part;
      best.set(slot, { slot, form, size, offset, variableBefore: variable.length, at: offset, rank });
    }
    if (field.length === VARIABLE_LENGTH) variable.push({ offset: at, extra: 0 });
    at += field.length === VARIABLE_LENGTH ? 1 : field.length;
  }
  return { minLength: at, variable, steps: complete([...best.values()]) };
}

/** Adds what stands in for slots that a template lacks, and puts the start of the clock before what counts from it. */
function complete(steps: readonly Step[]): Step[] {
  const find = (slot: number) => steps.find((step) => step.slot === slot);
  const frames = find(SLOT.layer2Bytes);
  const all = [...steps];
  if (find(SLOT.bytes) === undefined && frames !== undefined) all.push({ ...frames, slot: SLOT.bytes });
  for (const slot of [SLOT.start, SLOT.end]) {
    if (find(slot) === undefined)
      all.push({ slot, form: FORM.exportTime, size: 0, offset: 0, variableBefore: 0, at: 0 });
  }
  return all.sort((a, b) => Number(b.slot === SLOT.bootTime) - Number(a.slot === SLOT.bootTime));
}
