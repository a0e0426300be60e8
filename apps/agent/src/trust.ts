/**
 * How the agent knows the controller's certificate, and how its programs come to trust it too.
 *
 *     agent.fingerprint    the pin of the controller that this folder's agent joined
 *     ca-bundle.pem        the usual authorities and the controller's: what programs get
 *
 * Owns these two files; the check of a connection is where the connection is made.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { writeDurably, writeWhole } from './durable-file.js';

export interface TrustWish {
  /** PEM file with authorities. */
  readonly caFile: string | null;
  /** SHA-256 of the controller's own certificate; null: the one that was pinned before, if any. */
  readonly fingerprint: string | null;
}

const systemBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

export class Trust {
  readonly ca: Buffer | null;
  readonly fingerprint: string | null;
  private hasBundle = false;

  constructor(
    private readonly root: string,
    { caFile, fingerprint }: TrustWish,
  ) {
    this.ca = caFile === null ? null : readFileSync(caFile);
    this.fingerprint = fingerprint ?? (existsSync(this.pinPath) ? readFileSync(this.pinPath, 'utf8').trim() : null);
    if (this.ca !== null) this.writeBundle(this.ca.toString());
  }

  /** Where programs find it; null while there is nothing that the machine does not trust anyway. */
  get bundle(): string | null {
    return this.hasBundle ? this.bundlePath : null;
  }

  /** The controller has shown the certificate that is pinned: from now on it is this one, also when nobody names it again. */
  onPinned(certificate: Buffer): void {
    if (this.hasBundle || this.fingerprint === null) return;
    writeDurably(this.pinPath, `${this.fingerprint}\n`);
    this.writeBundle(new X509Certificate(certificate).toString());
  }

  /** The variables that name it replace a program's authorities, so it holds the usual ones beside the controller's. */
  private writeBundle(authority: string): void {
    const system = systemBundles.find((bundle) => existsSync(bundle));
    const usual = system === undefined ? rootCertificates.join('\n') : readFileSync(system, 'utf8');
    writeWhole(this.bundlePath, `${usual}\n${authority}`);
    this.hasBundle = true;
  }

  private get pinPath(): string {
    return join(this.root, 'agent.fingerprint');
  }

  private get bundlePath(): string {
    return join(this.root, 'ca-bundle.pem');
  }
}
