/**
 * Stands between a client and its server, and fails as it is told: answers in the server's stead, or loses what the server answered.
 *
 * Each fault happens once. Links of the server lead through here too, so that files fail as other requests do.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Fault {
  /** Of a request: its method, path and body. The first fault that fits is the one that happens. */
  readonly of: RegExp;
  /** Of the server's answer, where that matters; the request has reached the server then. */
  readonly answered?: RegExp;
  /** Whether the server gets the request. */
  readonly reaches: boolean;
  /** The status that the client sees; `cut`: it sees the connection end. */
  readonly seen: number | 'cut';
  readonly retryAfterSeconds?: number;
}

export interface FaultyProxy {
  readonly url: string;
  /** Faults that have not happened. */
  left(): readonly Fault[];
  /** Milliseconds from each fault that asked for patience to the next request of its kind. */
  patience(): readonly { readonly askedMs: number; readonly waitedMs: number }[];
  stop(): void;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function faultyProxy(target: string, faults: readonly Fault[]): Promise<FaultyProxy> {
  const left = [...faults];
  const waiting: { readonly fault: Fault; readonly since: number }[] = [];
  const waited: { askedMs: number; waitedMs: number }[] = [];
  const server = createServer((asked, response) => {
    void answer(asked, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const take = (fits: (fault: Fault) => boolean): Fault | undefined => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };

  async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(asked);
    const text = `${asked.method} ${asked.url} ${body.toString('latin1')}`;
    noteArrival(text);
    const refused = take(({ of, reaches }) => !reaches && of.test(text));
    if (refused !== undefined) return fail(response, refused);
    const passed = await pass(asked, body);
    const said = passed.body.toString('latin1');
    const lost = take(({ of, answered, reaches }) => reaches && of.test(text) && (answered?.test(said) ?? true));
    if (lost !== undefined) return fail(response, lost);
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = passed.headers;
    response.writeHead(passed.status, headers).end(ownLinks(passed));
  }

  function noteArrival(text: string): void {
    const at = waiting.findIndex(({ fault }) => fault.of.test(text));
    const [found] = at < 0 ? [] : waiting.splice(at, 1);
    if (found !== undefined) waited.push({ askedMs: found.fault.retryAfterSeconds! * 1_000, waitedMs: performance.now() - found.since });
  }

  function fail(response: ServerResponse, fault: Fault): void {
    if (fault.seen === 'cut') return void response.destroy();
    if (fault.retryAfterSeconds !== undefined) {
      response.setHeader('retry-after', String(fault.retryAfterSeconds));
      waiting.push({ fault, since: performance.now() });
    }
    const message = `${fault.seen}, as the test wants it`;
    response.writeHead(fault.seen, { 'content-type': 'application/json' }).end(JSON.stringify({ errors: [{ message }] }));
  }

  async function pass({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const { 'accept-encoding': _unread, 'transfer-encoding': _chunked, ...rest } = headers;
    const length = { 'content-length': String(body.length), host: new URL(target).host };
    const sent = request(target + path!, { method, headers: { ...rest, ...length }, agent: false });
    sent.end(body);
    const [answered] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answered.statusCode!, headers: answered.headers, body: await bytesOf(answered) };
  }

  const ownLinks = ({ headers, body }: Answer): Buffer | string =>
    /json/.test(headers['content-type'] ?? '') ? body.toString().replaceAll(target, url) : body;

  return {
    url,
    left: () => left,
    patience: () => waited,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
