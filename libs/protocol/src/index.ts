export * from './channel.js';
export { dialAgents } from './client.js';
export * from './codec.js';
export * from './gateway.js';
export {
  type Acknowledged,
  type Blob,
  type Drain,
  type Finished,
  type FinishedAck,
  type GetBlobRequest,
  type Gpu,
  type Grant,
  type Held,
  type Hello,
  type JoinRequest,
  type JoinResponse,
  type Leaving,
  type Machine,
  type Nothing,
  type Output,
  type Points,
  type PutBlobHeader,
  type Ready,
  type Reconnect,
  type Renew,
  type Renewal,
  type Renewed,
  type Series,
  type Slot,
  type Stop,
  type Stored,
  type Usage,
  type Verdict,
  Verdict_Kind as VerdictKind,
  type Welcome,
} from './gen/sweep/v1/agent.js';
export * from './protocol.js';
export { seal } from './seal.js';
export { type AgentServer, type ServeOptions, serveAgents } from './server.js';
