/**
 * Proves who a caller is by an API key, and makes keys.
 *
 * Owns the form of keys and their hashing; what a caller may do is access.guard.ts. Only the SHA-256 of a key is stored: keys are
 * 40 random characters (206 bits), so a slow password hash would add nothing, and a look-up by hash leaks no prefix by its timing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type KeyId, keyId, randomId, Unauthenticated, type UserId, userId } from '@sweep/domain';
import type { ApiKey, KeyScope, Store, User } from '@sweep/store';
import type { Caller } from './caller.js';

/** Ours have 40 characters of `[a-z0-9]`; a database that was filled otherwise may know longer ones. */
const keyForm = /^[A-Za-z0-9_-]{40,128}$/;

export class Authenticator {
  constructor(private readonly store: Store) {}

  /** @throws Unauthenticated */
  async authenticate(bearer: string | null): Promise<Caller> {
    if (bearer === null) throw new Unauthenticated('this needs an API key: send it as `Authorization: Bearer KEY`, or run `sweep login`');
    // What cannot be a key costs no query.
    const found = keyForm.test(bearer) ? await this.store.keys.authenticate(this.hash(bearer)) : null;
    if (found === null) {
      throw new Unauthenticated('the API key is unknown, revoked or expired: run `sweep login`, or ask an administrator for a new key');
    }
    return found;
  }

  /** Whether this is a join token that could still be redeemed. */
  async isJoinToken(bearer: string | null): Promise<boolean> {
    return bearer !== null && keyForm.test(bearer) && (await this.store.keys.knowsToken(this.hash(bearer)));
  }

  /** SHA-256, hex. */
  hash(key: string): string {
    return createHash('sha256').update(key).digest('hex');
  }

  /** 40 characters of `[a-z0-9]`, the length that `wandb` clients insist on. */
  newKey(): string {
    return randomId(40, randomBytes);
  }

  /** Stores a new key of the user; the secret is known only to the caller of this. */
  async issue(user: UserId, wish: KeyWish): Promise<IssuedKey> {
    const { id, hash, secret } = this.draw();
    const key = await this.store.keys.create({ id, user, trial: null, attempt: null, project: null, ...wish }, hash);
    return { key, secret };
  }

  /** A key that is not stored yet. */
  draw(): { readonly id: KeyId; readonly hash: string; readonly secret: string } {
    const secret = this.newKey();
    return { id: keyId(randomId(8, randomBytes)), hash: this.hash(secret), secret };
  }

  /**
   * Makes the first user, an administrator with one key. Null when there is a user already, also when another controller on the
   * same database was faster.
   */
  async firstUser(name: string): Promise<{ readonly user: User; readonly secret: string } | null> {
    if ((await this.store.keys.listUsers()).length > 0) return null;
    const user = await this.store.keys.createUser({ id: userId(randomId(8, randomBytes)), name: userNameFrom(name), admin: true });
    if (user === null) return null;
    const { secret } = await this.issue(user.id, { name: 'first key', scope: 'admin', expiresAt: null });
    return { user, secret };
  }
}

export interface KeyWish {
  readonly name: string;
  readonly scope: KeyScope;
  readonly expiresAt: number | null;
}

export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** An operating system's user name as one of ours: it becomes a part of URLs. */
export function userNameFrom(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return name === '' ? 'admin' : name;
}
