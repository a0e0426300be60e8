/** What the twin holds of uploads; there is no database whose room could be told. */
import type { StorageUse } from '../store.js';
import type { MemoryState } from './state.js';

export function memoryStorage(state: MemoryState): StorageUse {
  const sizes = new Map([...state.files.values()].map(({ blob, size }) => [blob, size]));
  for (const { code } of state.sweeps.values()) if (code !== null) sizes.set(code.blob, code.size);
  return { databaseBytes: null, parts: [], blobs: sizes.size, blobBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}
