/** A controller for agent tests: a real server on a real socket, whose every answer the test gives. */
import { createHash } from 'node:crypto';
import { NotFound, Unauthenticated } from '@sweep/domain';
import {
  type AgentMessage,
  type GatewayHandler,
  type Hello,
  type JoinRequest,
  type JoinResponse,
  type Keepalive,
  type ServeOptions,
  type SessionEnd,
  type SessionPeer,
  serveAgents,
  type Welcome,
} from '@sweep/protocol';
import { silentLogger } from '@sweep/runtime';
import { Mailbox } from './mailbox.js';
import { testWelcome } from './messages.js';

export interface FakeGatewayOptions {
  /** The same port again, for tests of a controller that comes back. */
  readonly port?: number;
  /** Keys that are known; any when absent. */
  readonly keys?: readonly string[];
  readonly welcome?: (hello: Hello) => Welcome;
  /** Throws to refuse an agent. */
  readonly admit?: (hello: Hello, from: { readonly key: string; readonly peer: SessionPeer }) => void | Promise<void>;
  /** Runs before a message counts as received; a promise that stays pending holds the agent back. */
  readonly onMessage?: (message: AgentMessage, session: FakeSession) => void | Promise<void>;
  readonly join?: (request: JoinRequest) => JoinResponse | Promise<JoinResponse>;
  readonly tls?: NonNullable<ServeOptions<string>['tls']>;
  readonly maxMessageBytes?: number;
  readonly keepalive?: Keepalive;
  readonly helloWithinMs?: number;
}

export interface FakeSession {
  readonly hello: Hello;
  readonly key: string;
  readonly peer: SessionPeer;
  readonly received: readonly AgentMessage[];
  /** The next unread message of the kind. */
  readonly next: Mailbox<AgentMessage>['next'];
  readonly send: SessionPeer['send'];
  readonly end: SessionPeer['end'];
  readonly closed: Promise<void>;
}

export interface FakeGateway {
  readonly url: string;
  readonly port: number;
  /** Sessions so far, oldest first. */
  readonly sessions: readonly FakeSession[];
  /** The next session that was not handed out yet. */
  accept(withinMs?: number): Promise<FakeSession>;
  /** By hash. Uploads land here; put a file in to let agents download it. */
  readonly blobs: Map<string, Buffer>;
  close(graceMs?: number): Promise<void>;
}

export async function fakeGateway(options: FakeGatewayOptions = {}): Promise<FakeGateway> {
  const arrivals = new Mailbox<{ readonly $case: 'session'; readonly value: FakeSession }>();
  const blobs = new Map<string, Buffer>();
  const server = await serveAgents({
    host: '127.0.0.1',
    port: options.port ?? 0,
    handler: handlerOf(options, blobs, (value) => arrivals.push({ $case: 'session', value })),
    log: silentLogger,
    ...(options.tls && { tls: options.tls }),
    ...(options.maxMessageBytes && { maxMessageBytes: options.maxMessageBytes }),
    ...(options.keepalive && { keepalive: options.keepalive }),
    ...(options.helloWithinMs && { helloWithinMs: options.helloWithinMs }),
  });
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${server.port}`,
    port: server.port,
    get sessions() {
      return arrivals.all.map(({ value }) => value);
    },
    accept: (withinMs) => arrivals.next('session', withinMs),
    blobs,
    close: (graceMs = 0) => server.close(graceMs),
  };
}

function handlerOf(
  options: FakeGatewayOptions,
  blobs: Map<string, Buffer>,
  arrived: (session: FakeSession) => void,
): GatewayHandler<string> {
  return {
    async authenticate(bearer, method) {
      if (method === 'Join') return '';
      if (bearer === null || (options.keys !== undefined && !options.keys.includes(bearer)))
        throw new Unauthenticated('this key is not known');
      return bearer;
    },
    async session(key, hello, peer) {
      await options.admit?.(hello, { key, peer });
      const { session, end } = makeSession(options, { key, hello, peer });
      arrived(session);
      return end;
    },
    async putBlob(_, header, data) {
      const parts: Uint8Array[] = [];
      for await (const part of data) parts.push(part);
      const content = Buffer.concat(parts);
      const hash = createHash('sha256').update(content).digest('hex');
      blobs.set(header.hash || hash, content);
      return { hash, size: content.byteLength };
    },
    async getBlob(_, { hash }) {
      const content = blobs.get(hash);
      if (content === undefined) throw new NotFound(`there is no file ${hash}`);
      return (async function* () {
        yield content;
      })();
    },
    async join(request) {
      if (options.join === undefined) throw new Unauthenticated('this join token is not known');
      return options.join(request);
    },
  };
}

function makeSession(
  options: FakeGatewayOptions,
  { key, hello, peer }: { readonly key: string; readonly hello: Hello; readonly peer: SessionPeer },
): { readonly session: FakeSession; readonly end: SessionEnd } {
  const mailbox = new Mailbox<AgentMessage>();
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const session: FakeSession = {
    hello,
    key,
    peer,
    received: mailbox.all,
    next: mailbox.next,
    send: (message) => peer.send(message),
    end: (error) => peer.end(error),
    closed,
  };
  const end: SessionEnd = {
    welcome: options.welcome?.(hello) ?? testWelcome(),
    async receive(message) {
      await options.onMessage?.(message, session);
      mailbox.push(message);
    },
    async closed() {
      close();
    },
  };
  return { session, end };
}
