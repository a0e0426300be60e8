/**
 * A certificate that the controller makes for itself: its own authority, known to agents by its SHA-256 fingerprint.
 *
 * Owns its content (RFC 5280); where it is kept is own-certificate.ts. Written here and not by a package, because the smallest kept one
 * brings fifteen others along.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, explicit, implicit, integer, objectId, octets, sequence, set, time, utf8, yes } from './der.js';

export interface KeyedCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  /** Host names and IP addresses that it is good for. */
  readonly names: readonly string[];
  readonly from: Date;
  readonly until: Date;
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
const commonName = '2.5.4.3';
/** digitalSignature and keyCertSign: strict verifiers ask the second of whatever they trust as an authority. */
const keyUsageBits = Buffer.of(0b1000_0100);

export function makeCertificate({ names, from, until }: CertificateWish): KeyedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicInfo = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(objectId(commonName), utf8('Sweep controller'))));
  const content = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    name,
    sequence(time(from), time(until)),
    name,
    publicInfo,
    explicit(3, sequence(...extensions(publicInfo, names))),
  );
  const certificate = sequence(content, ecdsaWithSha256, bits(sign('sha256', content, privateKey)));
  return { cert: pem('CERTIFICATE', certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function extensions(publicInfo: Buffer, names: readonly string[]): readonly Buffer[] {
  const extension = (id: string, value: Buffer, critical = false): Buffer =>
    sequence(objectId(id), ...(critical ? [yes] : []), octets(value));
  const keyId = createHash('sha256').update(publicInfo).digest().subarray(0, 20);
  return [
    extension('2.5.29.19', sequence(yes), true), // basicConstraints: an authority
    extension('2.5.29.15', bits(keyUsageBits, 2), true),
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: a server
    extension('2.5.29.14', octets(keyId)), // subjectKeyIdentifier
    extension('2.5.29.35', sequence(implicit(0, keyId))), // authorityKeyIdentifier
    extension('2.5.29.17', sequence(...names.map(alternativeName))),
  ];
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? implicit(2, Buffer.from(name, 'ascii')) : implicit(7, addressBytes(name));
}

/** Four bytes, or sixteen. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = withoutDots(address).split('::');
  const groups = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(':'));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** `::ffff:10.0.0.5` ends in an IPv4 address. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...digits: string[]) => {
    const [a, b, c, d] = digits.slice(0, 4).map((digit) => Number(digit).toString(16).padStart(2, '0'));
    return `${a}${b}:${c}${d}`;
  });
}

function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`;
}
