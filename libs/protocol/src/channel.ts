/**
 * The agent's end as its owner sees it. Owns no transport; `client.ts` does. Reconnecting is the owner's: one session is one connection.
 */
import type { Blob, GetBlobRequest, Hello, JoinRequest, JoinResponse, PutBlobHeader, Welcome } from './gen/sweep/v1/agent.js';
import type { AgentMessage, ControllerMessage, Keepalive } from './protocol.js';

export interface DialOptions {
  /** `http://host:port` without TLS, `https://host:port` with. */
  readonly url: string;
  /** Asked before each call, so that a renewed key is used at once. Not sent with `join`. */
  readonly key: () => string;
  /** PEM of the authority that signed the controller's certificate; the system's authorities when absent. */
  readonly ca?: Buffer;
  /** SHA-256 of the controller's certificate in hex, colons allowed. Replaces the check of authority and host name. */
  readonly fingerprint?: string;
  readonly keepalive?: Keepalive;
}

export interface AgentChannel {
  /**
   * Opens a session; resolves with the Welcome.
   * @throws the error with which the controller refuses; Unavailable when it cannot be reached or does not answer
   */
  session(hello: Hello): Promise<AgentSession>;
  /** @throws what the controller throws; what `data` throws, and then nothing is stored */
  putBlob(header: PutBlobHeader, data: AsyncIterable<Uint8Array>): Promise<Blob>;
  getBlob(request: GetBlobRequest): AsyncIterable<Uint8Array>;
  join(request: JoinRequest): Promise<JoinResponse>;
  /** Ends all calls. */
  close(): void;
}

export interface AgentSession {
  readonly welcome: Welcome;
  /**
   * Resolves when the message has left this process: back-pressure.
   * @throws TooLarge (the session goes on), Unavailable or the controller's error when the session is over
   */
  send(message: AgentMessage): Promise<void>;
  /** Ends when the session is over, without an error: `closed` says why. Read it to its end, by one reader. */
  readonly messages: AsyncIterable<ControllerMessage>;
  /** Never rejects. Null when the session ended in order. */
  readonly closed: Promise<Error | null>;
  /** Says goodbye: what was sent before still arrives. */
  close(): void;
}
