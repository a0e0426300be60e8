/**
 * Blobs on S3-compatible storage, under their hashes as keys.
 *
 * A hash is known only at the end, and storage renames nothing: so content goes through a file in `spool` first, and is checked before it is
 * sent. Owns the mapping of requests and refusals; credentials come from the environment, as every S3 client reads them.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Unavailable } from '@sweep/domain';
import type { Blobs } from './blobs.js';
import { removeOld, write } from './folder.js';
import { type Digester, digestHere } from './hashing/digests.js';
import { cutRange, isHash, missing } from './intake.js';

export interface S3Place {
  readonly bucket: string;
  /** Before each hash; empty or ending in `/`. */
  readonly prefix: string;
  /** Null: Amazon's own, found by the region. */
  readonly endpoint: string | null;
  /** Null: the environment's. */
  readonly region: string | null;
}

/** `s3://BUCKET/PREFIX?endpoint=https://…&region=…`; null for what is none. */
export function s3Place(text: string): S3Place | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, pathname, searchParams, username, password } = new URL(text);
  // Credentials in an address would end up in logs.
  if (protocol !== 's3:' || hostname === '' || username !== '' || password !== '') return null;
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  const endpoint = searchParams.get('endpoint');
  if (endpoint !== null && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : '')) return null;
  return { bucket: hostname, prefix: prefix === '' ? '' : `${prefix}/`, endpoint, region: searchParams.get('region') };
}

/** @param spool folder for what is on its way @throws Unavailable when the bucket cannot be reached */
export async function openS3Blobs(place: S3Place, spool: string, digester: Digester = digestHere): Promise<Blobs> {
  // A tenth of a second to load, which only those pay who use it.
  const [{ S3Client, GetObjectCommand, HeadObjectCommand, HeadBucketCommand, DeleteObjectCommand, paginateListObjectsV2 }, { Upload }] =
    await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  await mkdir(spool, { recursive: true, mode: 0o700 });
  const { bucket, prefix, endpoint, region } = place;
  const client = new S3Client({ ...(region !== null && { region }), ...(endpoint !== null && { endpoint, forcePathStyle: true }) });
  const at = (hash: string): { readonly Bucket: string; readonly Key: string } => ({ Bucket: bucket, Key: `${prefix}${hash}` });
  const sizeOf = async (hash: string): Promise<number | null> => {
    const head = isHash(hash) ? await ifThere(client.send(new HeadObjectCommand(at(hash)))) : null;
    return head === null ? null : (head.ContentLength ?? 0);
  };
  await mapped(client.send(new HeadBucketCommand({ Bucket: bucket })));

  return {
    async put(content, options = {}) {
      const path = join(spool, randomUUID());
      try {
        const taken = await write(path, content, options, digester);
        if ((await sizeOf(taken.hash)) === null)
          await mapped(new Upload({ client, params: { ...at(taken.hash), Body: createReadStream(path) } }).done());
        return taken;
      } finally {
        await rm(path, { force: true });
      }
    },
    async open(hash, range) {
      const size = await sizeOf(hash);
      if (size === null) throw missing(hash);
      const { start, end } = cutRange(range, size);
      if (end < start) return { stream: Readable.from([]), size };
      const got = await ifThere(client.send(new GetObjectCommand({ ...at(hash), Range: `bytes=${start}-${end}` })));
      if (got === null) throw missing(hash);
      return { stream: got.Body as Readable, size };
    },
    has: async (hash) => (await sizeOf(hash)) !== null,
    async remove(hash) {
      if ((await sizeOf(hash)) === null) return false;
      await mapped(client.send(new DeleteObjectCommand(at(hash))));
      return true;
    },
    async *list() {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        const names = Contents.map(({ Key = '' }) => Key.slice(prefix.length));
        yield* names.filter(isHash);
      }
    },
    async sweepTemporary(olderThanMs) {
      const before = Date.now() - olderThanMs;
      const paths = (await readdir(spool)).map((name) => join(spool, name));
      return (await Promise.all(paths.map((path) => removeOld(path, before)))).filter(Boolean).length;
    },
  };
}

/** Null for what the storage does not have. */
async function ifThere<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await mapped(answer);
  } catch (error) {
    if (statusOf((error as Error).cause) === 404) return null;
    throw error;
  }
}

/** Whatever the storage refuses or does not answer passes, or is for the administrator to mend: the caller tries again. */
async function mapped<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { name, message } = error as Error;
    const unavailable = new Unavailable(`the file storage refused or did not answer: ${name}: ${message}`);
    unavailable.cause = error;
    throw unavailable;
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}
