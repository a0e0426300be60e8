/** The contract of the store, for every implementation, and databases for tests. */
export { type OpenStore, storeContract } from './contract/contract.js';
export { type TestDatabase, testDatabase } from './postgres.js';
