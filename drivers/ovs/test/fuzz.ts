import fc from 'fast-check';
import { OvsError } from '../src/index.ts';

const runs = Number(process.env['HV_FUZZ'] ?? 20_000);

/** Runs a decoder on hostile input: it may refuse, by a typed error and in no other way. */
export function survives<T>(input: fc.Arbitrary<T>, decode: (input: T) => void): void {
  fc.assert(
    fc.property(input, (value) => {
      try {
        decode(value);
      } catch (error) {
        if (!(error instanceof OvsError)) throw error;
      }
    }),
    { numRuns: runs },
  );
}

/** A valid message with some bytes changed, cut or repeated: gets further into a decoder than random bytes do. */
export function mutated(...seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const change = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 8 }), fc.nat(), fc.boolean())
    .map(([seed, changes, at, cut]) => {
      const out = Buffer.from(seed);
      for (const { at: where, value } of changes) if (out.length > 0) out[where % out.length] = value;
      return cut && out.length > 0 ? out.subarray(0, at % out.length) : out;
    });
}

export const anyBytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
