import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { blobsContract } from '@sweep/blobs/testing';
import { Unavailable } from '@sweep/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3Server } from '../testing/s3-server.js';
import { openS3Blobs, type S3Place, s3Place } from './index.js';

const server = await startS3Server();
const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
let spool: string;
beforeAll(() => {
  Object.assign(process.env, credentials);
  spool = mkdtempSync(join(tmpdir(), 's3-spool-'));
});
afterAll(async () => {
  for (const name of Object.keys(credentials)) delete process.env[name];
  rmSync(spool, { recursive: true });
  if (!('skip' in server)) await server.close();
});

const region = 'us-east-1';

async function aBucket(endpoint: string): Promise<S3Place> {
  const bucket = `b${Math.random().toString(36).slice(2)}`;
  const client = new S3Client({ endpoint, region, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return { bucket, prefix: 'sweep/', endpoint, region };
}

describe.skipIf('skip' in server)(`blobs on S3${'skip' in server ? ` (${server.skip})` : ''}`, () => {
  const endpoint = 'skip' in server ? '' : server.endpoint;
  blobsContract(async () => openS3Blobs(await aBucket(endpoint), spool));

  it('leave nothing in the folder for what is on its way', async () => {
    const blobs = await openS3Blobs(await aBucket(endpoint), spool);
    await blobs.put(Readable.from([Buffer.from('content')]));
    expect(readdirSync(spool)).toEqual([]);
  });

  it('say at the start that there is no such bucket', async () => {
    await expect(openS3Blobs({ ...(await aBucket(endpoint)), bucket: 'nowhere' }, spool)).rejects.toBeInstanceOf(Unavailable);
  });
});

describe('the address of a storage', () => {
  it('names bucket, prefix, endpoint and region', () => {
    expect(s3Place('s3://data/a/b/?endpoint=http://127.0.0.1:9000&region=eu')).toEqual({
      bucket: 'data',
      prefix: 'a/b/',
      endpoint: 'http://127.0.0.1:9000',
      region: 'eu',
    });
    expect(s3Place('s3://data')).toEqual({ bucket: 'data', prefix: '', endpoint: null, region: null });
  });

  it.each(['data', 'http://data', 's3://', 's3://key:secret@data', 's3://data?endpoint=ftp://x', 's3://data?endpoint=x'])(
    'is not %s',
    (text) => {
      expect(s3Place(text)).toBeNull();
    },
  );
});
