/**
 * HTTP requests to a controller whose certificate is known by its fingerprint, or by authorities of our own.
 *
 * Owns `fetch` over TLS with that knowledge, because Node's own takes neither; everything else goes to Node's.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { TLSSocket } from 'node:tls';

export interface Trust {
  /** SHA-256 of the certificate, in hex, with or without colons. */
  readonly fingerprint: string | null;
  /** PEM. */
  readonly ca: string | null;
}

export function trustingFetch({ fingerprint, ca }: Trust): typeof fetch {
  if (fingerprint === null && ca === null) return fetch;
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.protocol === 'https:' ? exchange(url, init, { fingerprint, ca }) : fetch(url, init);
  };
}

function exchange(url: URL, init: RequestInit, { fingerprint, ca }: Trust): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = requestTls(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.signal ? { signal: init.signal } : {}),
      ...(ca === null ? {} : { ca }),
      // A connection of its own, so that what `pin` sees is the connection that the key goes out on.
      ...(fingerprint === null ? {} : { rejectUnauthorized: false, agent: false }),
    });
    if (fingerprint !== null) request.once('socket', (socket) => pin(socket as TLSSocket, fingerprint));
    request.once('error', reject);
    request.once('response', (response) => resolve(answerOf(response)));
    request.end(init.body as string | Uint8Array | undefined);
  });
}

/** Before anything is sent: what is written waits for the handshake, and a destroyed socket sends nothing. */
function pin(socket: TLSSocket, fingerprint: string): void {
  const wanted = fingerprint.replaceAll(':', '').toLowerCase();
  socket.once('secureConnect', () => {
    const found = createHash('sha256').update(socket.getPeerCertificate().raw).digest('hex');
    if (found === wanted) return;
    socket.destroy(new Error(`its certificate has the fingerprint ${found}, trusted is ${wanted}`));
  });
}

const emptyStatuses = [204, 205, 304];

function answerOf(response: IncomingMessage): Response {
  const { statusCode: status = 500, statusMessage: statusText = '' } = response;
  const headers = new Headers();
  for (let index = 0; index < response.rawHeaders.length; index += 2)
    headers.append(response.rawHeaders[index]!, response.rawHeaders[index + 1]!);
  if (emptyStatuses.includes(status)) response.resume();
  const body = emptyStatuses.includes(status) ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>);
  return new Response(body as ConstructorParameters<typeof Response>[0], { status, statusText, headers });
}
