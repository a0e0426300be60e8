/**
 * The noise of an evaluation, as a function of what is evaluated and never of when.
 *
 * SHA-256 of `salt|task|seed|configuration|visit` gives three uniform numbers. So two optimisers that try the same configuration with
 * the same seed see the same value, whatever they tried before, and a peer measured over the line protocol sees it too.
 */
import { createHash } from 'node:crypto';

export const salt = 'public-1';

/** Three numbers in [0, 1). */
export type Uniforms = readonly [number, number, number];

export function uniforms(...key: readonly (string | number)[]): Uniforms {
  const digest = createHash('sha256').update(key.join('|')).digest();
  return [shareAt(digest, 0), shareAt(digest, 8), shareAt(digest, 16)];
}

/** 53 bits of the eight bytes from here on. */
function shareAt(digest: Buffer, offset: number): number {
  return Number(digest.readBigUInt64BE(offset) >> 11n) / 2 ** 53;
}

/** A standard normal number (Box and Muller). */
export function gaussian([u, v]: Uniforms): number {
  return Math.sqrt(-2 * Math.log(Math.max(u, 1e-300))) * Math.cos(2 * Math.PI * v);
}
