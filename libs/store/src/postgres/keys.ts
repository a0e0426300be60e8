/** Users, their API keys (by hash only) and one-time join tokens. */
import type { KeyId, UserId } from '@sweep/domain';
import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { tokenIdLength } from '../key-store.js';
import type { ApiKey, JoinToken, KeyStore, User } from '../store.js';
import type { Database } from './database.js';
import { databaseNow } from './rows.js';
import { apiKeys, joinTokens, users } from './schema-data.js';
import { teams } from './schema-people.js';
import { lockEntityName } from './teams.js';

export class PostgresKeys implements KeyStore {
  constructor(private readonly database: Database) {}

  async createUser(user: { readonly id: UserId; readonly name: string; readonly admin: boolean }): Promise<User | null> {
    return await this.database.write(async (queries) => {
      await lockEntityName(queries, user.name);
      if ((await queries.$count(teams, eq(teams.name, user.name))) > 0) return null;
      const [row] = await queries.insert(users).values(user).onConflictDoNothing().returning();
      return row ?? null;
    });
  }

  async findUser(id: UserId): Promise<User | null> {
    const [row] = await this.database.read((queries) => queries.select().from(users).where(eq(users.id, id)));
    return row ?? null;
  }

  async findUserByName(name: string): Promise<User | null> {
    const [row] = await this.database.read((queries) => queries.select().from(users).where(eq(users.name, name)));
    return row ?? null;
  }

  async listUsers(): Promise<readonly User[]> {
    return await this.database.read((queries) => queries.select().from(users).orderBy(asc(users.name)));
  }

  async removeUser(id: UserId): Promise<boolean> {
    const removed = await this.database.read((queries) => queries.delete(users).where(eq(users.id, id)).returning({ id: users.id }));
    return removed.length === 1;
  }

  async create(key: Omit<ApiKey, 'createdAt' | 'revokedAt'>, hash: string): Promise<ApiKey> {
    const [row] = await this.database.read((queries) =>
      queries
        .insert(apiKeys)
        .values({ ...key, hash })
        .returning(),
    );
    return toKey(row!);
  }

  async authenticate(hash: string): Promise<{ readonly key: ApiKey; readonly user: User } | null> {
    const [row] = await this.database.read((queries) =>
      queries
        .select({ key: apiKeys, user: users })
        .from(apiKeys)
        .innerJoin(users, eq(users.id, apiKeys.user))
        .where(and(eq(apiKeys.hash, hash), isGoodKey)),
    );
    return row === undefined ? null : keyWithUser(row);
  }

  async list(user: UserId | null): Promise<readonly ApiKey[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select()
        .from(apiKeys)
        .where(user === null ? undefined : eq(apiKeys.user, user))
        .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id)),
    );
    return rows.map(toKey);
  }

  async revoke(id: KeyId): Promise<boolean> {
    const revoked = await this.database.read((queries) =>
      queries
        .update(apiKeys)
        .set({ revokedAt: databaseNow })
        .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
        .returning({ id: apiKeys.id }),
    );
    return revoked.length === 1;
  }

  async good(ids: readonly KeyId[]): Promise<ReadonlySet<KeyId>> {
    const rows = await this.database.read((queries) =>
      queries
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(inArray(apiKeys.id, [...ids]), isGoodKey)),
    );
    return new Set(rows.map(({ id }) => id));
  }

  async createToken(hash: string, user: UserId, expiresAt: number): Promise<void> {
    await this.database.read((queries) => queries.insert(joinTokens).values({ hash, user, expiresAt }));
  }

  async listTokens(): Promise<readonly JoinToken[]> {
    return await this.database.read((queries) =>
      queries.select(tokenColumns).from(joinTokens).orderBy(desc(joinTokens.createdAt), asc(joinTokens.hash)),
    );
  }

  async revokeToken(id: string): Promise<boolean> {
    const removed = await this.database.read((queries) =>
      queries
        .delete(joinTokens)
        .where(
          sql`left(${joinTokens.hash}, ${tokenIdLength}) = ${id} AND ${joinTokens.usedAt} IS NULL AND ${joinTokens.expiresAt} > sweep_now()`,
        )
        .returning({ hash: joinTokens.hash }),
    );
    return removed.length > 0;
  }

  async knowsToken(hash: string): Promise<boolean> {
    return (await this.database.read((queries) => queries.$count(joinTokens, isGood(hash)))) > 0;
  }

  async redeemToken(hash: string): Promise<UserId | null> {
    const [row] = await this.database.read((queries) =>
      queries.update(joinTokens).set({ usedAt: databaseNow }).where(isGood(hash)).returning({ user: joinTokens.user }),
    );
    return row?.user ?? null;
  }
}

const tokenColumns = {
  id: sql<string>`left(${joinTokens.hash}, ${sql.raw(String(tokenIdLength))})`,
  user: joinTokens.user,
  createdAt: joinTokens.createdAt,
  expiresAt: joinTokens.expiresAt,
  usedAt: joinTokens.usedAt,
};

const isGood = (hash: string) => and(eq(joinTokens.hash, hash), isNull(joinTokens.usedAt), sql`${joinTokens.expiresAt} > sweep_now()`);

/** Not revoked, and not expired. */
export const isGoodKey = sql`${apiKeys.revokedAt} IS NULL AND (${apiKeys.expiresAt} IS NULL OR ${apiKeys.expiresAt} > sweep_now())`;

export const keyWithUser = ({ key, user }: { readonly key: typeof apiKeys.$inferSelect; readonly user: User }) => ({
  key: toKey(key),
  user,
});

const toKey = ({ hash: _hash, ...key }: typeof apiKeys.$inferSelect): ApiKey => key;
