/**
 * What both ends of the agent protocol agree on beside the messages: the version, the limits, and the names of the messages.
 */
import { Incompatible } from '@sweep/domain';
import type { SessionRequest, SessionResponse } from './gen/sweep/v1/agent.js';

/** Raised on every incompatible change. */
export const protocolVersion = 2;

/** Of one message. Larger point batches and output chunks are split by the agent. */
export const defaultMaxMessageBytes = 4 * 1024 * 1024;

/** Blobs travel in pieces of this size. */
export const blobPieceBytes = 256 * 1024;

/** A peer that answers no ping for `timeMs + timeoutMs` is gone, also when TCP has not noticed. */
export interface Keepalive {
  readonly timeMs: number;
  readonly timeoutMs: number;
}
export const defaultKeepalive: Keepalive = { timeMs: 10_000, timeoutMs: 5_000 };

/** What an agent says after its Hello. */
export type AgentMessage = Exclude<NonNullable<SessionRequest['body']>, { $case: 'hello' }>;
/** What a controller says after its Welcome. */
export type ControllerMessage = Exclude<NonNullable<SessionResponse['body']>, { $case: 'welcome' }>;

/** @throws Incompatible, naming the side to upgrade */
export function checkProtocolVersion(agent: number, controller: number): void {
  if (agent === controller) return;
  const older = agent < controller ? 'the agent' : 'the controller';
  throw new Incompatible(`the agent speaks protocol ${agent}, the controller ${controller}: upgrade ${older}`);
}
