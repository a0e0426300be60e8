/** Contract suites for samplers and stopping rules, the spaces they run on, and sweeps played out in memory. Needs vitest and fast-check. */
export { completed, failed, type Outcome, type Play, type Played, play } from './playing.js';
export { curves, prunerContract, stops } from './pruner-contract.js';
export { samplerContract } from './sampler-contract.js';
export { finiteSpace, ints, keyOf, mixedSpace, parameter, space, values } from './spaces.js';
