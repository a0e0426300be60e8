export * from './blobs.js';
export { openFolderBlobs } from './folder.js';
export { hashingThread } from './hashing/thread.js';
export { serveHashing } from './hashing/worker.js';
export { openMemoryBlobs } from './memory.js';
export { openS3Blobs, type S3Place, s3Place } from './s3.js';
export { signUrl, verifySignature } from './signed-url.js';
