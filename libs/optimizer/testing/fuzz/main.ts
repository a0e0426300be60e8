/** `npm run fuzz -- [COUNT] [SEED]`: odd histories by the thousand; what breaks is shrunk and printed. */
import { samplers, stringifyJson } from '@sweep/optimizer';
import fc from 'fast-check';
import { soundAnswers } from './asking.js';

/** @returns the exit code */
export function run([count = '10000', seed = '1']: readonly string[]): number {
  const begun = performance.now();
  const { failed, numRuns, counterexample, errorInstance } = fc.check(soundAnswers(samplers.get('bayes')!), {
    numRuns: Number(count),
    seed: Number(seed),
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  if (!failed) {
    process.stdout.write(`${numRuns} histories from seed ${seed}: every answer was sound; ${seconds} s\n`);
    return 0;
  }
  const what = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : 'stopped';
  process.stdout.write(`history ${numRuns} from seed ${seed}: ${what}\n${stringifyJson(counterexample, { nonFinite: 'text' })}\n`);
  return 1;
}
