/** Where files are kept: a folder of this machine, or a storage that all controllers reach. */
import { join } from 'node:path';
import { type Blobs, openFolderBlobs, openS3Blobs, s3Place } from '@sweep/blobs';
import type { ControllerConfig } from './config.js';

/** @throws Unavailable when the storage cannot be reached */
export function openBlobs({ dataDir, blobsUrl }: Pick<ControllerConfig, 'dataDir' | 'blobsUrl'>): Promise<Blobs> {
  const place = blobsUrl === null ? null : s3Place(blobsUrl);
  return place === null ? openFolderBlobs(join(dataDir, 'blobs')) : openS3Blobs(place, join(dataDir, 'spool'));
}
