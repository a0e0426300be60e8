export * from './value.js';
export * from './space.js';
export * from './constraint.js';
export * from './sampler.js';
export * from './pruner.js';
