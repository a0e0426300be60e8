/** Links that let their holder fetch one path until a time, without a key. Pure; who hands them out and what they open is elsewhere. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * @param path begins with `/`; may have a query, to which the signature is added
 * @param expiresAt milliseconds since the epoch
 */
export function signUrl(secret: Uint8Array, path: string, expiresAt: number): string {
  const expires = Math.floor(expiresAt);
  const separator = path.includes('?') ? '&' : '?';
  return `${path}${separator}expires=${expires}&signature=${signature(secret, path, expires)}`;
}

/** What a signed URL allows: the path and query that were signed, or null for one that is forged, changed or too old. */
export function verifySignature(secret: Uint8Array, url: string, now: number): string | null {
  const match = /^(.*)[?&]expires=(\d{1,16})&signature=([A-Za-z0-9_-]{43})$/s.exec(url);
  if (match === null) return null;
  const [, path = '', expires = '', given = ''] = match;
  const wanted = signature(secret, path, Number(expires));
  // Both are 43 ASCII characters: comparing in constant time tells nothing about how many agree.
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(wanted))) return null;
  return now < Number(expires) ? path : null;
}

function signature(secret: Uint8Array, path: string, expires: number): string {
  // The number stands first and ends at the line break, so that no path can look like another expiry.
  return createHmac('sha256', secret).update(`${expires}\n${path}`).digest('base64url');
}
