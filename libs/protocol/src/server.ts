/**
 * The gRPC server that agents dial: binding, authentication before every method, blobs and join. Sessions are `server-session.ts`,
 * what anything means is the handler's.
 */
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { Bug, Invalid, SweepError, Unavailable } from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import type { GatewayHandler, GatewayMethod } from './gateway.js';
import {
  AgentServiceService,
  type GetBlobRequest,
  GetBlobResponse,
  type JoinRequest,
  type JoinResponse,
  type PutBlobHeader,
  type PutBlobRequest,
  type PutBlobResponse,
  type SessionRequest,
} from './gen/sweep/v1/agent.js';
import { createInlet } from './inlet.js';
import { createOutlet, whenClosed } from './outlet.js';
import { pieces } from './pieces.js';
import { defaultKeepalive, defaultMaxMessageBytes, type Keepalive, protocolVersion } from './protocol.js';
import { isUnsealed, seal, sealBytes, unseal } from './seal.js';
import { runSession, type SessionCall } from './server-session.js';
import { toStatus } from './status.js';

export interface ServeOptions<Caller> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM. Without it the traffic is readable on the way: loopback only, or behind something that encrypts. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly handler: GatewayHandler<Caller>;
  readonly maxMessageBytes?: number;
  readonly keepalive?: Keepalive;
  /** How long a new session may stay silent. */
  readonly helloWithinMs?: number;
  readonly log: Logger;
}

export interface AgentServer {
  readonly port: number;
  /** Refuses new calls, lets those that run end for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

const read = AgentServiceService.session.requestDeserialize;
/** The Hello of an agent from before there were seals is heard, so that it can be told which side to upgrade. */
function readSealed(sealed: Buffer): SessionRequest {
  const older = isUnsealed(sealed) ? read(sealed) : null;
  const isOlder = older?.body?.$case === 'hello' && older.body.value.protocolVersion < protocolVersion;
  return isOlder ? older : read(unseal(sealed));
}
/** Messages are encoded by the writer, who must know their size before they are sent. */
const asIs = (message: Uint8Array): Buffer => Buffer.from(message.buffer, message.byteOffset, message.byteLength);

const service = {
  ...AgentServiceService,
  session: { ...AgentServiceService.session, requestDeserialize: readSealed, responseSerialize: seal },
  getBlob: { ...AgentServiceService.getBlob, responseSerialize: asIs },
};

/** @throws Unavailable when the address cannot be bound */
export async function serveAgents<Caller>(options: ServeOptions<Caller>): Promise<AgentServer> {
  const { host, tls, maxMessageBytes = defaultMaxMessageBytes, keepalive = defaultKeepalive } = options;
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes + sealBytes,
    'grpc.keepalive_time_ms': keepalive.timeMs,
    'grpc.keepalive_timeout_ms': keepalive.timeoutMs,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.max_concurrent_streams': 64,
  });
  const sessions = new Set<Promise<void>>();
  server.addService(service, methods(options, sessions));
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }])
    : ServerCredentials.createInsecure();
  const address = `${host.includes(':') ? `[${host}]` : host}:${options.port}`;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) =>
      error ? reject(new Unavailable(`cannot listen for agents on ${address}: ${error.message}`)) : resolve(bound),
    );
  });
  return { port, close: (graceMs) => closeServer(server, sessions, graceMs) };
}

/** After the cut, handlers get this long to hear that their sessions are over. */
const goodbyeMs = 1_000;

async function closeServer(server: Server, sessions: ReadonlySet<Promise<void>>, graceMs: number): Promise<void> {
  // grpc-js never answers `tryShutdown` when a connection broke during it, so the grace is ours.
  await within(graceMs, new Promise<void>((resolve) => server.tryShutdown(() => resolve())));
  server.forceShutdown();
  await within(goodbyeMs, Promise.all(sessions));
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

type Methods = {
  session: (call: SessionCall) => void;
  putBlob: (call: ServerReadableStream<PutBlobRequest, PutBlobResponse>, answer: sendUnaryData<PutBlobResponse>) => void;
  getBlob: (call: ServerWritableStream<GetBlobRequest, Uint8Array>) => void;
  join: (call: ServerUnaryCall<JoinRequest, JoinResponse>, answer: sendUnaryData<JoinResponse>) => void;
};

function methods<Caller>(options: ServeOptions<Caller>, sessions: Set<Promise<void>>): Methods {
  const { handler, log, helloWithinMs = 10_000, maxMessageBytes = defaultMaxMessageBytes } = options;
  const whoCalls = (metadata: Metadata, method: GatewayMethod): Promise<Caller> => handler.authenticate(bearerOf(metadata), method);
  const failed = (error: unknown, method: GatewayMethod): ReturnType<typeof toStatus> => {
    if (!(error instanceof SweepError) || error instanceof Bug) log.error({ err: error, method }, 'a call failed');
    return toStatus(error);
  };
  const respond = <T>(method: GatewayMethod, answer: sendUnaryData<T>, work: () => Promise<T>): void => {
    work().then(
      (value) => answer(null, value),
      (error: unknown) => answer(failed(error, method)),
    );
  };

  return {
    session(call) {
      // Errors of the call end up in its status; this listener only keeps Node from throwing when nobody reads any more.
      call.on('error', () => undefined);
      const rules = { helloWithinMs, maxMessageBytes, log };
      const running = whoCalls(call.metadata, 'Session').then(
        (caller) => runSession(call, { ...rules, admit: (hello, peer) => handler.session(caller, hello, peer) }),
        (error: unknown) => void call.emit('error', failed(error, 'Session')),
      );
      sessions.add(running);
      void running.then(() => sessions.delete(running));
    },
    putBlob(call, answer) {
      respond('PutBlob', answer, async () => {
        const caller = await whoCalls(call.metadata, 'PutBlob');
        const { header, data } = await readUpload(call);
        return { blob: await handler.putBlob(caller, header, data) };
      });
    },
    getBlob(call) {
      const send = async (): Promise<void> => {
        const caller = await whoCalls(call.metadata, 'GetBlob');
        await writeDownload(call, await handler.getBlob(caller, call.request));
      };
      send().then(
        () => call.end(),
        (error: unknown) => call.emit('error', failed(error, 'GetBlob')),
      );
    },
    join(call, answer) {
      respond('Join', answer, async () => {
        await handler.authenticate(null, 'Join');
        return handler.join(call.request);
      });
    },
  };
}

function bearerOf(metadata: Metadata): string | null {
  const [value] = metadata.get('authorization');
  const match = typeof value === 'string' ? /^Bearer +(\S+)$/i.exec(value) : null;
  return match?.[1] ?? null;
}

interface Upload {
  readonly header: PutBlobHeader;
  readonly data: AsyncIterable<Uint8Array>;
}

async function readUpload(call: ServerReadableStream<PutBlobRequest, PutBlobResponse>): Promise<Upload> {
  const inlet = createInlet<PutBlobRequest>(call);
  const first = await inlet.next();
  if (first === null && !inlet.complete) throw new Unavailable('the agent went away before its upload began');
  if (first?.body?.$case !== 'header') throw new Invalid('an upload begins with its header');
  async function* data(): AsyncGenerator<Uint8Array> {
    for (let message = await inlet.next(); message !== null; message = await inlet.next()) {
      if (message.body?.$case !== 'data') throw new Invalid('an upload is one header, then data');
      yield message.body.value;
    }
    if (!inlet.complete) throw new Unavailable('the agent went away in the middle of the upload');
  }
  return { header: first.body.value, data: data() };
}

async function writeDownload(call: ServerWritableStream<GetBlobRequest, Uint8Array>, content: AsyncIterable<Uint8Array>): Promise<void> {
  const outlet = createOutlet(call, () => Number.POSITIVE_INFINITY);
  whenClosed(call, () => outlet.settle(new Unavailable('the agent went away in the middle of the download')));
  for await (const data of pieces(content)) await outlet.write(GetBlobResponse.encode({ data }).finish());
}
