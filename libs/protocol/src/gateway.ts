/**
 * The controller's end as its owner sees it: what to implement and what to call. Owns no transport; `server.ts` does.
 */
import type { GetBlobRequest, Hello, JoinRequest, JoinResponse, PutBlobHeader, Welcome } from './gen/sweep/v1/agent.js';
import type { AgentMessage, ControllerMessage } from './protocol.js';

export type GatewayMethod = 'Session' | 'PutBlob' | 'GetBlob' | 'Join';

export interface GatewayHandler<Caller> {
  /**
   * Runs before every call, and its answer is handed to the method. `Join` comes with null, others with what stood behind `Bearer `.
   * @throws Unauthenticated, Forbidden
   */
  authenticate(bearer: string | null, method: GatewayMethod): Promise<Caller>;
  /** Admits an agent. What it throws refuses the session and reaches the agent as the same error. */
  session(caller: Caller, hello: Hello, peer: SessionPeer): Promise<SessionEnd>;
  /** `data` throws `Unavailable` when the agent goes away in the middle: leave nothing behind then. */
  putBlob(
    caller: Caller,
    header: PutBlobHeader,
    data: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly hash: string; readonly size: number }>;
  getBlob(caller: Caller, request: GetBlobRequest): Promise<AsyncIterable<Uint8Array>>;
  join(request: JoinRequest): Promise<JoinResponse>;
}

/** The agent, as one session reaches it. */
export interface SessionPeer {
  /** Where it dials from, for logs. */
  readonly address: string;
  /**
   * Resolves when the message has left this process: back-pressure. Messages arrive in the order of the calls; those sent before
   * `session` has answered wait for the Welcome (so do not await one there).
   * @throws TooLarge (the session goes on), Unavailable when the session is over
   */
  send(message: ControllerMessage): Promise<void>;
  /** Ends the session after what was sent before; with an error the agent gets that error. */
  end(error?: Error): void;
}

/** The controller's side of one admitted session. */
export interface SessionEnd {
  readonly welcome: Welcome;
  /**
   * One message at a time, in order; the next one is read when this resolves, so a slow handler slows its agent down.
   * What it throws ends the session with that error.
   */
  receive(message: AgentMessage): Promise<void>;
  /** Once, after the last `receive` has ended, however the session ended. */
  closed(): Promise<void>;
}
