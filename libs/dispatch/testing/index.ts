export { type ContractServer, dispatchContract } from './contract.js';
export { type PostgresServer, postgresServer } from './postgres-server.js';
export { type RedisServer, redisServer } from './redis-server.js';
