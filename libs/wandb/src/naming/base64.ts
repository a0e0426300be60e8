/** Base64 and hex of bytes, without Node: digests travel in both. */

const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const isHex = /^(?:[0-9a-f]{2})*$/i;

export function base64OfText(text: string): string {
  return btoa(binary(new TextEncoder().encode(text)));
}

/** undefined when the text is not standard, padded base64 of UTF-8. */
export function textOfBase64(text: string): string | undefined {
  if (!isBase64.test(text)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes(atob(text)));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

export function base64OfHex(hex: string): string | undefined {
  if (!isHex.test(hex)) return undefined;
  const pairs = hex.match(/../g) ?? [];
  return btoa(String.fromCharCode(...pairs.map((pair) => Number.parseInt(pair, 16))));
}

export function hexOfBase64(text: string): string | undefined {
  if (!isBase64.test(text)) return undefined;
  return [...bytes(atob(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const binary = (data: Uint8Array): string => Array.from(data, (byte) => String.fromCharCode(byte)).join('');
const bytes = (latin1: string): Uint8Array => Uint8Array.from(latin1, (character) => character.charCodeAt(0));
