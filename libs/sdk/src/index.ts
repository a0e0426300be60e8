/** For training programs in TypeScript or JavaScript. The same program runs by hand: without a sweep every call falls back to a default. */
export type { TrialIds } from './config.js';
export { type Metrics, report } from './report.js';
export { shouldStop } from './stop.js';
export { checkpointDir, outputDir, params, trial } from './trial.js';
