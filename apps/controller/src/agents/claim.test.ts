import { keyId, userId } from '@sweep/domain';
import type { KeyScope } from '@sweep/store';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../auth/caller.js';
import { maySpeakFor } from './claim.js';

const caller = (id: string, scope: KeyScope, user = 'ann', admin = false): Caller => ({
  key: {
    id: keyId(id),
    user: userId(user),
    name: id,
    scope,
    createdAt: 0,
    expiresAt: null,
    revokedAt: null,
    trial: null,
    attempt: null,
    project: null,
  },
  user: { id: userId(user), name: user, admin, createdAt: 0 },
});
const owner = { key: keyId('first'), user: userId('ann') };
const good = new Set([owner.key]);
const none = new Set<typeof owner.key>();

describe('an agent that came with a key', () => {
  it('is spoken for by anybody when it never came, and by its own key', () => {
    expect(maySpeakFor(null, caller('any', 'agent', 'bob'), none)).toBe(true);
    expect(maySpeakFor(owner, caller('first', 'agent'), good)).toBe(true);
  });

  it("is not spoken for by another agent's key, of the same user either, while its own is good", () => {
    expect(maySpeakFor(owner, caller('second', 'agent', 'bob'), good)).toBe(false);
    expect(maySpeakFor(owner, caller('second', 'agent', 'ann', true), good)).toBe(false);
  });

  it('may join again once its key opens nothing any more, for the same user alone', () => {
    expect(maySpeakFor(owner, caller('second', 'agent'), none)).toBe(true);
    expect(maySpeakFor(owner, caller('second', 'agent', 'bob'), none)).toBe(false);
  });

  it('is spoken for by the person whose it is, and by administrators', () => {
    expect(maySpeakFor(owner, caller('second', 'user'), good)).toBe(true);
    expect(maySpeakFor(owner, caller('second', 'user', 'bob'), good)).toBe(false);
    expect(maySpeakFor(owner, caller('second', 'admin', 'bob', true), good)).toBe(true);
  });

  it('whose key went with its user is for administrators to take over', () => {
    const orphan = { key: keyId('gone'), user: null };
    expect(maySpeakFor(orphan, caller('second', 'agent', 'bob'), none)).toBe(false);
    expect(maySpeakFor(orphan, caller('second', 'admin', 'root', true), none)).toBe(true);
  });
});
