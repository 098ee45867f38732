/** How many random inputs each fuzz test takes: 20,000, or what HV_FUZZ says (the nightly run takes a million). */
export const FUZZ_RUNS = Number(process.env['HV_FUZZ'] ?? 20_000);
