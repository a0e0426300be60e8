export * from './dispatch.js';
export { type MemoryDispatchOptions, MemoryServer, openMemoryDispatch } from './memory.js';
export { type DispatchAddress, type DispatchTuning, openDispatch } from './open.js';
