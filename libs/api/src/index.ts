export * from './access-schemas.js';
export * from './client.js';
export type { EventOptions } from './events.js';
export * from './expression.js';
export type { LogOptions, LogStream } from './logs.js';
export * from './routes.js';
export * from './schemas.js';
export * from './search-schemas.js';
export type { ClientOptions } from './transport.js';
