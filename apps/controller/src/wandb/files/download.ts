/** Bytes of a blob as an answer to a client of W&B: always a download, whole or a range of it. */
import type { Blobs } from '@sweep/blobs';
import type { BlobHash } from '@sweep/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { downloadHeaders } from '../../http/download.js';
import { sendRanged } from '../../http/ranged.js';

export async function sendBlob(
  blobs: Blobs,
  request: FastifyRequest,
  reply: FastifyReply,
  { blob, name }: { readonly blob: BlobHash; readonly name: string },
): Promise<void> {
  await sendRanged(blobs, request, reply, { blob, headers: { ...downloadHeaders(name), 'access-control-allow-origin': '*' } });
}
