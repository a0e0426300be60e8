import { type KeyId, keyId, userId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store.js';
import { connect, freshId, type OpenStore, openOnce, until } from './fixture.js';

const minute = 60_000;

async function aKeyOf(store: Store, expiresAt: number | null = null) {
  const user = (await store.keys.createUser({ id: userId(freshId()), name: freshId(), admin: true }))!;
  const wish = {
    id: keyId(freshId()),
    user: user.id,
    name: 'k',
    scope: 'user',
    expiresAt,
    trial: null,
    attempt: null,
    project: null,
  } as const;
  return { user, key: await store.keys.create(wish, freshId(64)) };
}

async function aSession(store: Store, key: KeyId, lastsMs = minute) {
  const session = { hash: freshId(64), key, expiresAt: (await store.now()) + lastsMs };
  await store.sessions.open(session);
  return session;
}

export function keyContract(open: () => Promise<OpenStore>): void {
  describe('keys that opened something', () => {
    const store = openOnce(open);

    it('are good until they are revoked, expire, or their user goes', async () => {
      const [lasting, revoked, orphan] = [await aKeyOf(store()), await aKeyOf(store()), await aKeyOf(store())];
      const past = await aKeyOf(store(), (await store().now()) - 1);
      const ids = [lasting, revoked, orphan, past].map(({ key }) => key.id);
      expect(await store().keys.good(ids)).toEqual(new Set([lasting.key.id, revoked.key.id, orphan.key.id]));
      await store().keys.revoke(revoked.key.id);
      await store().keys.removeUser(orphan.user.id);
      expect(await store().keys.good(ids)).toEqual(new Set([lasting.key.id]));
      expect(await store().keys.good([])).toEqual(new Set());
    });

    it('own the agents that came with them, and are still named when they are gone', async () => {
      const { user, key } = await aKeyOf(store());
      const agent = await connect(store(), 'default');
      expect(await store().agents.owner(agent)).toBeNull();
      await store().agents.setOwner(agent, key.id);
      expect(await store().agents.owner(agent)).toEqual({ key: key.id, user: user.id });
      const other = await aKeyOf(store());
      await store().agents.setOwner(agent, other.key.id);
      await store().keys.removeUser(other.user.id);
      expect(await store().agents.owner(agent)).toEqual({ key: other.key.id, user: null });
    });
  });
}

export function sessionContract(open: () => Promise<OpenStore>): void {
  describe('a session', () => {
    const store = openOnce(open);

    it('says whose it is until it is closed', async () => {
      const { user, key } = await aKeyOf(store());
      const { hash, expiresAt } = await aSession(store(), key.id);
      expect(await store().sessions.authenticate(hash)).toEqual({ user, key, expiresAt });
      expect(await store().sessions.authenticate(freshId(64))).toBeNull();
      expect([await store().sessions.close(hash), await store().sessions.close(hash)]).toEqual([true, false]);
      expect(await store().sessions.authenticate(hash)).toBeNull();
    });

    it('ends with its key, revoked or expired or gone with its user', async () => {
      const revoked = await aKeyOf(store());
      const expired = await aKeyOf(store(), (await store().now()) + 30);
      const removed = await aKeyOf(store());
      const hashes = await Promise.all([revoked, expired, removed].map(async ({ key }) => (await aSession(store(), key.id)).hash));
      await store().keys.revoke(revoked.key.id);
      await store().keys.removeUser(removed.user.id);
      const good = async () => (await Promise.all(hashes.map((hash) => store().sessions.authenticate(hash)))).filter((one) => one !== null);
      await until(async () => (await good()).length === 0, 'the sessions to end');
    });

    it('ends by itself, and is forgotten when another opens', async () => {
      const { key } = await aKeyOf(store());
      const { hash } = await aSession(store(), key.id, 20);
      await until(async () => (await store().sessions.authenticate(hash)) === null, 'the session to end');
      await aSession(store(), key.id);
      expect(await store().sessions.close(hash)).toBe(false);
    });
  });
}
