/** The gRPC channel of an agent: credentials, the connection, blobs and join. Sessions are `client-session.ts`. */
import { Client, type ClientOptions, Metadata, type requestCallback, type ServiceError } from '@grpc/grpc-js';
import { Unavailable } from '@sweep/domain';
import type { AgentChannel, DialOptions } from './channel.js';
import { type AgentCall, openSession } from './client-session.js';
import { makeCredentials, nameOptions, parseTarget, type Target } from './credentials.js';
import {
  AgentServiceService,
  type Blob,
  type GetBlobRequest,
  type JoinResponse,
  type PutBlobHeader,
  PutBlobRequest,
  type PutBlobResponse,
  type SessionResponse,
} from './gen/sweep/v1/agent.js';
import { createInlet } from './inlet.js';
import { createOutlet } from './outlet.js';
import { pieces } from './pieces.js';
import { defaultKeepalive, defaultMaxMessageBytes, type Keepalive } from './protocol.js';
import { seal, sealBytes, unseal } from './seal.js';
import { fromStatus, isStatus } from './status.js';

const welcomeWithinMs = 20_000;
const { session, putBlob, getBlob, join } = AgentServiceService;
const readSealed = (sealed: Buffer): SessionResponse => session.responseDeserialize(unseal(sealed));
/** Messages are encoded by the writer, who must know their size before they are sent. */
const asIs = (message: Uint8Array): Buffer => Buffer.from(message.buffer, message.byteOffset, message.byteLength);

/** @throws Invalid for a URL that is none; nothing is connected before the first call */
export function dialAgents(options: DialOptions): AgentChannel {
  const target = parseTarget(options.url);
  const where = `the controller at ${options.url}`;
  const connection = lazyClient(target, options);
  const credentials = (): Metadata => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${options.key()}`);
    return metadata;
  };

  return {
    async session(hello) {
      const client = await connection.get();
      const call: AgentCall = client.makeBidiStreamRequest(session.path, seal, readSealed, credentials());
      connection.track(call);
      return openSession(call, { hello, where, welcomeWithinMs });
    },
    async putBlob(header, data) {
      return upload(connection, credentials(), { header, data, where });
    },
    async *getBlob(request) {
      yield* download(connection, credentials(), { request, where });
    },
    async join(request) {
      const client = await connection.get();
      return new Promise<JoinResponse>((resolve, reject) => {
        const answer: requestCallback<JoinResponse> = (error, response) => settle({ error, response, where }, resolve, reject);
        const deadline = { deadline: Date.now() + welcomeWithinMs };
        connection.track(client.makeUnaryRequest(join.path, join.requestSerialize, join.responseDeserialize, request, deadline, answer));
      });
    },
    close: () => connection.close(),
  };
}

interface LazyClient {
  get(): Promise<Client>;
  /** Calls outlive the channel's own `close`, so those that run are cancelled with it. */
  track(call: RunningCall): void;
  close(): void;
}

interface RunningCall {
  cancel(): void;
  once(event: 'status', listener: () => void): unknown;
}

/** Made at the first call, because a pinned certificate is fetched first; made again after a failure. */
function lazyClient(target: Target, options: DialOptions): LazyClient {
  let made: Promise<Client> | undefined;
  let isClosed = false;
  const running = new Set<RunningCall>();
  const make = async (): Promise<Client> => {
    const credentials = await makeCredentials(target, options);
    const host = target.host.includes(':') ? `[${target.host}]` : target.host;
    return new Client(`${host}:${target.port}`, credentials, channelOptions(target, options.keepalive ?? defaultKeepalive));
  };
  return {
    async get() {
      if (isClosed) throw new Unavailable(`the connection to ${options.url} was closed`);
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    track(call) {
      running.add(call);
      call.once('status', () => running.delete(call));
    },
    close() {
      isClosed = true;
      for (const call of running) call.cancel();
      made?.then(
        (client) => client.close(),
        // It failed to connect, and whoever asked for it knows: there is nothing to close.
        () => undefined,
      );
    },
  };
}

function channelOptions(target: Target, keepalive: Keepalive): ClientOptions {
  const { host } = target;
  const loopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return {
    ...nameOptions(target),
    'grpc.max_receive_message_length': defaultMaxMessageBytes + sealBytes,
    'grpc.keepalive_time_ms': keepalive.timeMs,
    'grpc.keepalive_timeout_ms': keepalive.timeoutMs,
    'grpc.keepalive_permit_without_calls': 1,
    // Retries keep a copy of what was sent; ours know which messages were acknowledged.
    'grpc.enable_retries': 0,
    // The owner decides when to dial again; the channel must not refuse for minutes because of earlier failures.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.use_local_subchannel_pool': 1,
    // An `http_proxy` of the machine is for the way out.
    'grpc.enable_http_proxy': loopback ? 0 : 1,
  };
}

interface Answer<T> {
  readonly error: ServiceError | null;
  readonly response: T | undefined;
  readonly where: string;
}

function settle<T>({ error, response, where }: Answer<T>, resolve: (value: T) => void, reject: (error: Error) => void): void {
  if (error !== null) reject(fromStatus(error, where));
  else if (response === undefined) reject(new Unavailable(`${where} gave no answer`));
  else resolve(response);
}

interface Upload {
  readonly header: PutBlobHeader;
  readonly data: AsyncIterable<Uint8Array>;
  readonly where: string;
}

async function upload(connection: LazyClient, metadata: Metadata, { header, data, where }: Upload): Promise<Blob> {
  let answered: requestCallback<PutBlobResponse> = () => undefined;
  const answer = new Promise<PutBlobResponse>((resolve, reject) => {
    answered = (error, response) => settle({ error, response, where }, resolve, reject);
  });
  const client = await connection.get();
  const call = client.makeClientStreamRequest(putBlob.path, asIs, putBlob.responseDeserialize, metadata, answered);
  connection.track(call);
  const outlet = createOutlet(call, () => defaultMaxMessageBytes);
  // The controller may answer in the middle: it refuses, or it has the file already.
  const enough = new Unavailable(`${where} wanted no more of the file`);
  answer.then(
    () => outlet.settle(enough),
    (error: Error) => outlet.settle(error),
  );
  try {
    await outlet.write(PutBlobRequest.encode({ body: { $case: 'header', value: header } }).finish());
    for await (const value of pieces(data)) await outlet.write(PutBlobRequest.encode({ body: { $case: 'data', value } }).finish());
    call.end();
  } catch (error) {
    if (error !== enough) {
      call.cancel();
      throw error;
    }
  }
  const { blob } = await answer;
  if (blob === undefined) throw new Unavailable(`${where} did not say what it stored`);
  return blob;
}

interface Download {
  readonly request: GetBlobRequest;
  readonly where: string;
}

async function* download(connection: LazyClient, metadata: Metadata, { request, where }: Download): AsyncGenerator<Uint8Array> {
  const client = await connection.get();
  const call = client.makeServerStreamRequest(getBlob.path, getBlob.requestSerialize, getBlob.responseDeserialize, request, metadata);
  connection.track(call);
  const ended = new Promise<Error | null>((resolve) => {
    call.on('error', (error) => resolve(isStatus(error) ? fromStatus(error, where) : error));
    call.once('end', () => resolve(null));
  });
  const inlet = createInlet<{ readonly data: Uint8Array }>(call);
  try {
    for (let message = await inlet.next(); message !== null; message = await inlet.next()) yield message.data;
  } finally {
    // Also when the reader stops early.
    call.cancel();
  }
  const error = await ended;
  if (error !== null) throw error;
}
