export { dispatchContract } from './contract.js';
export type { ContractServer } from './contract-server.js';
export { freePort } from './free-port.js';
export { type PostgresServer, postgresServer } from './postgres-server.js';
export { type RedisServer, redisServer } from './redis-server.js';
export { until } from './until.js';
