export * from './clock.js';
export * from './config.js';
export * from './logger.js';
export * from './loop.js';
export * from './shutdown.js';
