/** The contract of the store, for every implementation, and databases for tests. */
export { type OpenStore, storeContract } from './contract/contract.js';
export { type KillableDatabase, killableDatabase } from './killable.js';
export { type TestDatabase, testDatabase } from './postgres.js';
