/**
 * As much of ASN.1's distinguished encoding (X.690) as a certificate needs. Writes only.
 *
 * Owns tags and lengths; which fields a certificate has is certificate.ts.
 */

const constructed = 0x20;
const contextSpecific = 0x80;

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

function lengthOf(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.of(0x80 | digits.length, ...digits);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => tagged(0x31, ...parts);
export const yes: Buffer = tagged(0x01, Buffer.of(0xff));
export const octets = (bytes: Uint8Array): Buffer => tagged(0x04, bytes);
export const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
/** Wraps a whole value. */
export const explicit = (number: number, value: Uint8Array): Buffer => tagged(contextSpecific | constructed | number, value);
/** Replaces the tag of a plain value. */
export const implicit = (number: number, content: Uint8Array): Buffer => tagged(contextSpecific | number, content);

/** Unsigned, most significant byte first. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.of(0) : Buffer.from(bytes.subarray(first));
  // A set highest bit would make it negative.
  return tagged(0x02, digits[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** @param unused bits at the end of the last byte that belong to nothing */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => tagged(0x03, Buffer.of(unused), bytes);

export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([40 * first + second, ...rest].flatMap(base128)));
}

function base128(number: number): number[] {
  const digits = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128));
  return digits;
}

/** Whole seconds. Two digits of year until 2049, as RFC 5280 (4.1.2.5) wants it. */
export function time(at: Date): Buffer {
  const text = `${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text));
}
