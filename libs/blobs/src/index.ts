export * from './blobs.js';
export { openFolderBlobs } from './folder.js';
export { openMemoryBlobs } from './memory.js';
