/** Sessions of browsers, by the hash of their secret only. */
import type { KeyId } from '@sweep/domain';
import { eq, lte, sql } from 'drizzle-orm';
import type { ApiKey, SessionStore, User } from '../store.js';
import type { Database } from './database.js';
import { isGoodKey, keyWithUser } from './keys.js';
import { databaseNow } from './rows.js';
import { apiKeys, sessions, users } from './schema-data.js';

export class PostgresSessions implements SessionStore {
  constructor(private readonly database: Database) {}

  async open(session: { readonly hash: string; readonly key: KeyId; readonly expiresAt: number }): Promise<void> {
    await this.database.write(async (queries) => {
      await queries.delete(sessions).where(lte(sessions.expiresAt, databaseNow));
      await queries.insert(sessions).values(session);
    });
  }

  async authenticate(hash: string): Promise<{ readonly key: ApiKey; readonly user: User; readonly expiresAt: number } | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select({ key: apiKeys, user: users, expiresAt: sessions.expiresAt })
        .from(sessions)
        .innerJoin(apiKeys, eq(apiKeys.id, sessions.key))
        .innerJoin(users, eq(users.id, apiKeys.user))
        .where(sql`${sessions.hash} = ${hash} AND ${sessions.expiresAt} > sweep_now() AND ${isGoodKey}`),
    );
    return row === undefined ? null : { ...keyWithUser(row), expiresAt: row.expiresAt };
  }

  async close(hash: string): Promise<boolean> {
    const closed = await this.database.read((queries) =>
      queries.delete(sessions).where(eq(sessions.hash, hash)).returning({ hash: sessions.hash }),
    );
    return closed.length === 1;
  }
}
