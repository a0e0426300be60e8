/** Contract suites for samplers and stopping rules, and the spaces they run on. Needs vitest and fast-check. */
export { prunerContract, stops } from './pruner-contract.js';
export { samplerContract } from './sampler-contract.js';
export { finiteSpace, ints, keyOf, mixedSpace, parameter, space, values } from './spaces.js';
