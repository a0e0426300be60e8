/** Bytes of a blob as an answer: whole, or the range that was asked for, so that players seek and downloads go on. */
import type { Blobs } from '@sweep/blobs';
import type { BlobHash } from '@sweep/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface RangedFile {
  readonly blob: BlobHash;
  readonly headers: Readonly<Record<string, string>>;
}

export async function sendRanged(
  blobs: Blobs,
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { blob, headers }: RangedFile,
): Promise<void> {
  const whole = await blobs.open(blob);
  const range = rangeOf(request.headers.range, whole.size);
  reply.headers({ ...headers, 'accept-ranges': 'bytes', etag: `"${blob}"` });
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
