/** What tells a browser that bytes are to be kept, never shown or run: anybody may have uploaded them. */

export const anyBytes = 'application/octet-stream';

export function downloadHeaders(name: string): Readonly<Record<string, string>> {
  // RFC 6266 and RFC 8187: whatever the name is, it stays one quoted value.
  const quoted = encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return {
    'content-type': anyBytes,
    'content-disposition': `attachment; filename*=UTF-8''${quoted}`,
    'content-security-policy': "sandbox; default-src 'none'",
  };
}
