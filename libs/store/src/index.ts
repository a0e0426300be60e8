/** The public face of the store. */

export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded/supervisor.js';
export { checkInvariants, type InvariantName, type Violation } from './invariants.js';
export { openMemory } from './memory/open.js';
export { type DumpPart, dumpDatabase, restoreDatabase } from './postgres/dump.js';
export { migrate } from './postgres/migrate.js';
export { openPostgres, type PostgresOptions } from './postgres/open.js';
export { measuredEntry } from './search-log.js';
export * from './store.js';
