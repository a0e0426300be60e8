/**
 * How the agent knows the controller: by an authority, or by the fingerprint of its certificate (for the one that a controller makes
 * for itself).
 */

import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, createSecureContext, type PeerCertificate } from 'node:tls';
import { ChannelCredentials, type ClientOptions } from '@grpc/grpc-js';
import { Forbidden, Invalid, Unavailable } from '@sweep/domain';
import type { DialOptions } from './channel.js';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** @throws Invalid */
export function parseTarget(url: string): Target {
  if (!URL.canParse(url)) throw new Invalid(`"${url}" is no URL: expected http://HOST:PORT or https://HOST:PORT`);
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new Invalid(`"${url}" begins with ${protocol}: expected http:// or https://`);
  const secure = protocol === 'https:';
  // Square brackets belong to the URL's writing of an IPv6 address, not to the address.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (secure ? 443 : 80) : Number(port), secure };
}

/**
 * Options that go with the credentials. An IP address is no server name (RFC 6066, section 3), but grpc-js would send it as one; the
 * certificate is held against the real host all the same, by the check that the credentials carry.
 */
export const nameOptions = ({ host, port }: Target): ClientOptions =>
  isIP(host) === 0 ? {} : { 'grpc.ssl_target_name_override': 'sweep-controller', 'grpc.default_authority': `${host}:${port}` };

/** @throws Forbidden when the certificate is another than the pinned one, Unavailable when nobody answers */
export async function makeCredentials(target: Target, options: Pick<DialOptions, 'ca' | 'fingerprint'>): Promise<ChannelCredentials> {
  if (!target.secure) return ChannelCredentials.createInsecure();
  if (options.fingerprint === undefined)
    return ChannelCredentials.createSsl(options.ca ?? null, null, null, {
      checkServerIdentity: (_, certificate) => checkServerIdentity(target.host, certificate),
    });
  const pinned = options.fingerprint.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(pinned)) throw new Invalid('a fingerprint is the SHA-256 of a certificate: 64 hex digits');
  // Node asks no identity check about a certificate that no authority vouches for. So the certificate itself is fetched, held
  // against the pin, and made the only authority of the connections that follow.
  const found = await fetchCertificate(target);
  checkFingerprint(found, pinned);
  const secureContext = createSecureContext({ ca: new X509Certificate(found).toString(), allowPartialTrustChain: true });
  return ChannelCredentials.createFromSecureContext(secureContext, {
    checkServerIdentity: (_, { raw }: PeerCertificate) => refusal(raw, pinned),
  });
}

function checkFingerprint(certificate: Buffer, pinned: string): void {
  const error = refusal(certificate, pinned);
  if (error !== undefined) throw error;
}

function refusal(certificate: Buffer, pinned: string): Forbidden | undefined {
  const found = createHash('sha256').update(certificate).digest('hex');
  if (found === pinned) return undefined;
  return new Forbidden(
    `the controller's certificate has the fingerprint ${found}, this agent trusts ${pinned}: join again if it was renewed on purpose`,
  );
}

function fetchCertificate({ host, port }: Target): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Nothing is said on this connection: it only shows the certificate.
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2'], timeout: 10_000 });
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new Unavailable(`cannot reach the controller at ${host}:${port}: ${reason}`));
    };
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(raw);
    });
    socket.once('timeout', () => fail('no answer within 10 s'));
    socket.once('error', (error) => fail(error.message));
  });
}
