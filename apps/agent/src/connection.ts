/**
 * The channel to the controller: where it is, the key, the certificate. Asked for before each dial, because a restarted controller
 * may listen elsewhere.
 *
 * Owns finding the address (`GET /api/v1/server`) and trading a join token for a key; conversations are `session.ts`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { Forbidden, Unauthenticated, Unavailable } from '@sweep/domain';
import { type AgentChannel, dialAgents } from '@sweep/protocol';
import { z } from 'zod';
import { writeDurably } from './durable-file.js';
import type { Trust } from './trust.js';

export interface ConnectionOptions {
  /** Of the HTTP interface. */
  readonly url: string;
  /** Of gRPC; null: the controller is asked. */
  readonly grpcUrl: string | null;
  /** Null: the one that a join token was traded for. */
  readonly key: string | null;
  readonly joinToken: string | null;
  readonly name: string;
  readonly trust: Pick<Trust, 'ca' | 'fingerprint' | 'onPinned'>;
  /** Keeps the traded key. */
  readonly keyPath: string;
}

const serverView = z.object({ grpcUrl: z.string() });
const answerWithinMs = 10_000;

export class Connection {
  private current: { readonly url: string; readonly channel: AgentChannel } | undefined;
  private key: string | null;

  constructor(private readonly options: ConnectionOptions) {
    this.key = options.key ?? (existsSync(options.keyPath) ? readFileSync(options.keyPath, 'utf8').trim() : null);
  }

  /** Of the last dial; for files of attempts. @throws Unavailable before the first */
  get channel(): AgentChannel {
    if (this.current === undefined) throw new Unavailable('the controller has not been reached yet');
    return this.current.channel;
  }

  /** @throws Unauthenticated, Unavailable */
  async dial(): Promise<AgentChannel> {
    const url = this.options.grpcUrl ?? (await this.findGrpc());
    if (this.current?.url !== url) {
      this.current?.channel.close();
      this.current = { url, channel: this.open(url) };
    }
    if (this.key === null) await this.join(this.current.channel);
    return this.current.channel;
  }

  close(): void {
    this.current?.channel.close();
  }

  private open(url: string): AgentChannel {
    const { ca, fingerprint } = this.options.trust;
    return dialAgents({ url, key: () => this.key ?? '', ...(ca && { ca }), ...(fingerprint !== null && { fingerprint }) });
  }

  private async join(channel: AgentChannel): Promise<void> {
    const { joinToken: token, name, keyPath } = this.options;
    if (token === null) throw noKey();
    const { apiKey } = await channel.join({ token, name });
    writeDurably(keyPath, `${apiKey}\n`);
    this.key = apiKey;
  }

  private async findGrpc(): Promise<string> {
    const { status, text } = await this.get(new URL('/api/v1/server', this.options.url));
    if (status === 401 && this.key === null && this.options.joinToken !== null)
      throw new Unauthenticated('the join token is unknown, used or expired: make another with `sweep token create`');
    if (status === 401 && this.key === null) throw noKey();
    if (status === 401)
      throw new Unauthenticated(`the controller at ${this.options.url} does not know this key: log in again with \`sweep login\``);
    if (status === 403) throw new Forbidden(`the controller at ${this.options.url} does not let this key run an agent`);
    const grpcUrl = status === 200 ? readGrpcUrl(text) : null;
    if (grpcUrl === null) throw new Unavailable(`${this.options.url} did not answer as a controller (HTTP status ${status})`);
    return grpcUrl;
  }

  private pin(socket: TLSSocket, fingerprint: string): void {
    socket.once('secureConnect', () => {
      const { fingerprint256, raw } = socket.getPeerCertificate();
      const found = plain(fingerprint256 ?? '');
      if (found === plain(fingerprint)) this.options.trust.onPinned(raw);
      else
        socket.destroy(
          new Forbidden(
            `the certificate of ${this.options.url} has the fingerprint ${found}, this agent trusts ${plain(fingerprint)}: if it was replaced on purpose, give the new one by --fingerprint`,
          ),
        );
    });
  }

  private get(url: URL): Promise<{ readonly status: number; readonly text: string }> {
    const { ca, fingerprint } = this.options.trust;
    const bearer = this.key ?? this.options.joinToken;
    const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(unreachable(error, this.options.url));
      const tls = url.protocol === 'https:';
      // The key goes out with the headers, so a pinned certificate is checked before they are sent.
      const request = tls
        ? requestTls(url, { headers, ...(ca && { ca }), ...(fingerprint !== null && { rejectUnauthorized: false, agent: false }) })
        : requestPlain(url, { headers });
      if (tls && fingerprint !== null) request.once('socket', (socket) => this.pin(socket as TLSSocket, fingerprint));
      request.setTimeout(answerWithinMs, () => request.destroy(new Error(`no answer within ${answerWithinMs / 1000} s`)));
      request.once('error', failed);
      request.once('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', failed);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
      });
      request.end();
    });
  }
}

const noKey = (): Unauthenticated =>
  new Unauthenticated('no API key: log in with `sweep login`, set SWEEP_API_KEY, or join with `--join TOKEN`');

/** Null for what no controller says. */
function readGrpcUrl(text: string): string | null {
  try {
    return serverView.parse(JSON.parse(text)).grpcUrl;
  } catch {
    return null;
  }
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
];

/** Waiting brings a controller back, but no other certificate. */
function unreachable(error: Error, url: string): Error {
  if (error instanceof Forbidden) return error;
  if (!('code' in error && untrusted.includes(String(error.code))))
    return new Unavailable(`cannot reach the controller at ${url}: ${error.message}`);
  return new Forbidden(
    `the certificate of ${url} is not trusted (${error.message}): give the fingerprint that the controller printed, by --fingerprint, or its authority, by --ca-file`,
  );
}
