/** Where files are kept: a folder of this machine, or a storage that all controllers reach. */
import { join } from 'node:path';
import { type Blobs, hashingThread, openFolderBlobs, openS3Blobs, s3Place } from '@sweep/blobs';
import type { ControllerConfig } from './config.js';

/** @throws Unavailable when the storage cannot be reached */
export function openBlobs({ dataDir, blobsUrl }: Pick<ControllerConfig, 'dataDir' | 'blobsUrl'>): Promise<Blobs> {
  const place = blobsUrl === null ? null : s3Place(blobsUrl);
  const digester = hashingThread(new URL('./hashing-worker.js', import.meta.url));
  return place === null ? openFolderBlobs(join(dataDir, 'blobs'), digester) : openS3Blobs(place, join(dataDir, 'spool'), digester);
}
