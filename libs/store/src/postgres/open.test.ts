import { describe, it } from 'vitest';
import { storeContract, testDatabase } from '../../testing/index.js';
import { openPostgres } from './open.js';

const probe = await testDatabase();
if ('skip' in probe) {
  it.skip(`${probe.skip}`, () => {});
} else {
  await probe.drop();
  describe('PostgreSQL', () => {
    storeContract(async () => {
      const database = await testDatabase();
      if ('skip' in database) throw new Error(database.skip);
      const store = await openPostgres({ url: database.url });
      return {
        store,
        close: async () => {
          await store.close();
          await database.drop();
        },
      };
    });
  });
}
