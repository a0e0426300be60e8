import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressBytes, makeCertificate } from './certificate.js';
import { fingerprintOf, ownCertificate } from './own-certificate.js';

const from = new Date('2026-11-21T00:00:00Z');
const made = makeCertificate({ names: ['box.example', '10.0.0.5', 'fd00::5'], from, until: new Date('2056-01-02T03:04:05Z') });
const read = new X509Certificate(made.cert);

describe('a certificate of our own', () => {
  it('is good for its names and addresses, and for no other', () => {
    expect([read.checkHost('box.example'), read.checkIP('10.0.0.5'), read.checkIP('fd00::5')]).toEqual([
      'box.example',
      '10.0.0.5',
      'fd00::5',
    ]);
    expect([read.checkHost('other.example'), read.checkIP('10.0.0.6')]).toEqual([undefined, undefined]);
  });

  it('is an authority, signed by itself, with its own key, for its time', () => {
    expect(read.ca).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkIssued(read)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    expect([new Date(read.validFrom), new Date(read.validTo)]).toEqual([from, new Date('2056-01-02T03:04:05Z')]);
  });

  it('is never the same twice', () => {
    const other = new X509Certificate(makeCertificate({ names: ['a'], from, until: from }).cert);
    expect([other.serialNumber === read.serialNumber, other.fingerprint256 === read.fingerprint256]).toEqual([false, false]);
  });

  it('is trusted over TLS by who holds it as an authority, and by nobody else', async () => {
    const { cert, key } = makeCertificate({ names: ['127.0.0.1'], from: new Date(0), until: new Date('2100-01-01') });
    const server = createServer({ cert, key });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const dial = (ca: string[]): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, ca }, () => resolve(socket.destroy() && 'trusted'));
        socket.once('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''));
      });
    expect(await dial([cert])).toBe('trusted');
    expect(await dial([])).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['10.0.0.5', '0a000005'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['fd00:1::2:3', 'fd000001000000000000000000020003'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:10.0.0.5', '00000000000000000000ffff0a000005'],
  ])('writes %s as bytes', (address, hex) => {
    expect(addressBytes(address).toString('hex')).toBe(hex);
  });
});

describe('the kept certificate', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'own-certificate-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const now = from.getTime();
  const own = (at = now) => ownCertificate({ folder: join(folder, 'tls'), names: ['sweep.example'], now: at });

  it('is made once, for this machine and for the names that it is given, and readable by its owner alone', () => {
    const first = own();
    expect(own(now + 1_000)).toEqual(first);
    const certificate = new X509Certificate(first.cert);
    expect(['sweep.example', 'localhost', hostname()].map((name) => certificate.checkHost(name) === undefined)).toEqual([
      false,
      false,
      false,
    ]);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(statSync(join(folder, 'tls/key.pem')).mode & 0o777).toBe(0o600);
    expect(fingerprintOf(first.cert)).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it('is replaced when it is no longer valid, or half of it is missing', () => {
    const first = own();
    const later = own(now + 11 * 366 * 86_400_000);
    expect(later.cert).not.toBe(first.cert);
    rmSync(join(folder, 'tls/cert.pem'));
    expect(own().key).not.toBe(later.key);
  });

  it('passes the strictest check of OpenSSL', ({ skip }) => {
    if (spawnSync('openssl', ['version']).status !== 0) skip('openssl: not installed');
    const { cert } = own(Date.now());
    const path = join(folder, 'cert.pem');
    writeFileSync(path, cert);
    const checked = spawnSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', path, path], { encoding: 'utf8' });
    expect(checked.stdout + checked.stderr).toContain('OK');
  });
});
