/** Bytes of a blob as an answer: always a download, whole or a range of it. */
import type { Blobs } from '@sweep/blobs';
import type { BlobHash } from '@sweep/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { downloadHeaders } from '../../http/download.js';

export async function sendBlob(
  blobs: Blobs,
  request: FastifyRequest,
  reply: FastifyReply,
  { blob, name }: { readonly blob: BlobHash; readonly name: string },
): Promise<void> {
  const whole = await blobs.open(blob);
  const range = rangeOf(request.headers.range, whole.size);
  reply.headers({ ...downloadHeaders(name), 'accept-ranges': 'bytes', etag: `"${blob}"`, 'access-control-allow-origin': '*' });
  if (range === null) {
    reply.header('content-length', whole.size).send(whole.stream);
    return;
  }
  whole.stream.destroy();
  if (range === 'none') {
    reply.code(416).header('content-range', `bytes */${whole.size}`).send('');
    return;
  }
  const part = await blobs.open(blob, range);
  reply
    .code(206)
    .header('content-range', `bytes ${range.start}-${range.end}/${whole.size}`)
    .header('content-length', range.end - range.start + 1)
    .send(part.stream);
}

/** One range, as RFC 9110 has it; null for none, or for several: then all of it is sent. */
function rangeOf(header: string | undefined, size: number): { readonly start: number; readonly end: number } | 'none' | null {
  const [match, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (match === undefined || (from === '' && to === '')) return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start >= size || end < start ? 'none' : { start, end };
}
