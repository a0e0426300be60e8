/** Where the controller keeps the certificate that it made for itself: made at the first need, then used for ever. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type KeyedCertificate, makeCertificate } from './certificate.js';

const validYears = 10;
/** Clocks of other machines may be behind ours. */
const backdatedMs = 24 * 3_600_000;

export interface OwnCertificateOptions {
  /** `tls/` in the data folder. */
  readonly folder: string;
  /** Names by which others call us, beside those of the machine. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Never replaced while it is valid: agents know it by its fingerprint. Who removes the folder gets another. */
export function ownCertificate({ folder, names, now }: OwnCertificateOptions): KeyedCertificate {
  const kept = read(folder);
  if (kept !== null && Date.parse(new X509Certificate(kept.cert).validTo) > now) return kept;
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + validYears);
  const made = makeCertificate({ names: [...new Set([...names, ...machineNames()])], from: new Date(now - backdatedMs), until });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The key first: a certificate without its key would be of no use, a key without certificate is replaced.
  write(join(folder, 'key.pem'), made.key);
  write(join(folder, 'cert.pem'), made.cert);
  return made;
}

/** SHA-256, as people compare it: pairs of hex digits. */
export const fingerprintOf = (cert: string | Buffer): string => new X509Certificate(cert).fingerprint256;

/** SHA-256 of its public key, as curl takes it. */
export function pinOf(cert: string): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256//${createHash('sha256').update(key).digest('base64')}`;
}

/** Addresses of one link mean nothing elsewhere. */
function machineNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return [hostname(), 'localhost', '127.0.0.1', '::1', ...addresses.filter((address) => !/^fe80:|%/i.test(address))];
}

function read(folder: string): KeyedCertificate | null {
  try {
    return { cert: readFileSync(join(folder, 'cert.pem'), 'utf8'), key: readFileSync(join(folder, 'key.pem'), 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function write(path: string, text: string): void {
  // On the disk before it has its name: a key that a power cut emptied would lock every agent out that pinned the certificate.
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
