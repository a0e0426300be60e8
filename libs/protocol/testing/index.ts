export * from './certificate.js';
export * from './fake-agent.js';
export * from './fake-gateway.js';
export * from './mailbox.js';
export * from './messages.js';
export * from './tcp-proxy.js';
