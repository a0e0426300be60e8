/** The hashing thread's own program. */
import { parentPort } from 'node:worker_threads';
import { serveHashing } from '@sweep/blobs';

serveHashing(parentPort!);
