/** Random bytes that controllers on one database share, such as the key that signs links. */
import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { secrets } from './schema-data.js';

/** Whoever asks first makes it. */
export async function sharedSecret(database: Database, name: string, bytes: number): Promise<Uint8Array> {
  return await database.read(async (queries) => {
    await queries
      .insert(secrets)
      .values({ name, value: randomBytes(bytes) })
      .onConflictDoNothing();
    const [row] = await queries.select().from(secrets).where(eq(secrets.name, name));
    return new Uint8Array(row!.value);
  });
}
