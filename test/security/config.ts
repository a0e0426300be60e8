/** How long fuzzers run: `npm run fuzz` sets it, the tests alone take the short way. */
export function fuzzConfig(): { readonly seconds: number | null; readonly seed: number } {
  const { SWEEP_FUZZ_SECONDS: seconds, SWEEP_FUZZ_SEED: seed } = process.env;
  return { seconds: seconds === undefined ? null : Number(seconds), seed: seed === undefined ? 7 : Number(seed) };
}
