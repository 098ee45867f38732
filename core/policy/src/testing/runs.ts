/** How often a property runs: a little by default, `HV_RUNS` times when asked. */
export const runs = (byDefault: number): { numRuns: number } => ({
  numRuns: Number(process.env['HV_RUNS'] ?? byDefault),
});
