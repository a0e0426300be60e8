export * from './blobs.js';
export { openFolderBlobs } from './folder.js';
export { openMemoryBlobs } from './memory.js';
export { signUrl, verifySignature } from './signed-url.js';
