import { describe } from 'vitest';
import { storeContract } from '../../testing/index.js';
import { openMemory } from './open.js';

describe('the in-memory twin', () => {
  storeContract(async () => {
    const store = openMemory();
    return { store, close: () => store.close() };
  });
});
