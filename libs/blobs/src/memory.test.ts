import { blobsContract } from '@sweep/blobs/testing';
import { describe } from 'vitest';
import { openMemoryBlobs } from './index.js';

describe('blobs in memory', () => {
  blobsContract(async () => openMemoryBlobs());
});
