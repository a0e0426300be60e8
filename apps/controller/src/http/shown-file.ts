/**
 * Files that anybody may have uploaded, given to a browser that shows them: pictures, sounds and films by their type, pages and
 * drawings under a policy by which nothing in them runs or is loaded, everything else as text or as a download.
 */
import { extname } from 'node:path';
import { anyBytes, downloadHeaders } from './download.js';

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.flac': 'audio/flac',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.html': 'text/html; charset=utf-8',
  '.htm': 'text/html; charset=utf-8',
};
const binary: ReadonlySet<string> = new Set([
  '.bin',
  '.pt',
  '.pth',
  '.ckpt',
  '.safetensors',
  '.npz',
  '.npy',
  '.pkl',
  '.zip',
  '.gz',
  '.tar',
  '.h5',
  '.onnx',
]);

/** `sandbox` gives it an origin of its own, without scripts, forms or a way to the page around it. */
const inert =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:; frame-ancestors 'self'";

export function shownHeaders(name: string): Readonly<Record<string, string>> {
  const extension = extname(name).toLowerCase();
  const type = binary.has(extension) ? anyBytes : (types[extension] ?? 'text/plain; charset=utf-8');
  if (type === anyBytes) return downloadHeaders(name);
  return {
    'content-type': type,
    'content-disposition': 'inline',
    'content-security-policy': inert,
    'x-frame-options': 'SAMEORIGIN',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-cache',
  };
}
