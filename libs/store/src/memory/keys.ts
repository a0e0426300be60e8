/** Users, keys and join tokens of the twin. */
import { Bug, type KeyId, type UserId } from '@sweep/domain';
import { tokenIdLength } from '../key-store.js';
import type { ApiKey, JoinToken, KeyStore, User } from '../store.js';
import { compareBy } from './order.js';
import type { MemoryState } from './state.js';

export class MemoryKeys implements KeyStore {
  constructor(private readonly state: MemoryState) {}

  async createUser(given: { readonly id: UserId; readonly name: string; readonly admin: boolean }): Promise<User | null> {
    const taken = [...this.state.users.values()].some(({ id, name }) => id === given.id || name === given.name);
    if (taken || this.state.teams.has(given.name)) return null;
    const user = { ...given, createdAt: this.state.now() };
    this.state.users.set(user.id, user);
    return { ...user };
  }

  async findUser(id: UserId): Promise<User | null> {
    const user = this.state.users.get(id);
    return user === undefined ? null : { ...user };
  }

  async findUserByName(name: string): Promise<User | null> {
    const user = [...this.state.users.values()].find((candidate) => candidate.name === name);
    return user === undefined ? null : { ...user };
  }

  async listUsers(): Promise<readonly User[]> {
    return structuredClone([...this.state.users.values()].sort(compareBy((user) => [user.name])));
  }

  async removeUser(id: UserId): Promise<boolean> {
    for (const { key } of this.state.keys.values()) if (key.user === id) this.state.keys.delete(key.id);
    for (const [hash, token] of this.state.tokens) if (token.user === id) this.state.tokens.delete(hash);
    return this.state.users.delete(id);
  }

  async create(given: Omit<ApiKey, 'createdAt' | 'revokedAt'>, hash: string): Promise<ApiKey> {
    if (!this.state.users.has(given.user) || this.state.keys.has(given.id))
      throw new Bug(`key ${given.id} cannot be made for user ${given.user}`);
    const key = { ...given, createdAt: this.state.now(), revokedAt: null };
    this.state.keys.set(key.id, { key, hash });
    return { ...key };
  }

  async authenticate(hash: string): Promise<{ readonly key: ApiKey; readonly user: User } | null> {
    const key = [...this.state.keys.values()].find((candidate) => candidate.hash === hash)?.key;
    return key === undefined ? null : goodKey(this.state, key.id);
  }

  async list(user: UserId | null): Promise<readonly ApiKey[]> {
    const keys = [...this.state.keys.values()].map(({ key }) => ({ ...key })).filter((key) => user === null || key.user === user);
    return keys.sort(compareBy((key) => [key.createdAt, key.id]));
  }

  async revoke(id: KeyId): Promise<boolean> {
    const record = this.state.keys.get(id);
    if (record === undefined || record.key.revokedAt !== null) return false;
    this.state.keys.set(id, { ...record, key: { ...record.key, revokedAt: this.state.now() } });
    return true;
  }

  async good(ids: readonly KeyId[]): Promise<ReadonlySet<KeyId>> {
    return new Set(ids.filter((id) => goodKey(this.state, id) !== null));
  }

  async createToken(hash: string, user: UserId, expiresAt: number): Promise<void> {
    if (!this.state.users.has(user)) throw new Bug(`there is no user ${user}`);
    this.state.tokens.set(hash, { user, createdAt: this.state.now(), expiresAt, usedAt: null });
  }

  async listTokens(): Promise<readonly JoinToken[]> {
    const all = [...this.state.tokens].map(([hash, token]) => ({ id: hash.slice(0, tokenIdLength), ...token }));
    return all.sort(compareBy(({ createdAt, id }) => [-createdAt, id]));
  }

  async revokeToken(id: string): Promise<boolean> {
    const hash = [...this.state.tokens.keys()].find((known) => known.slice(0, tokenIdLength) === id && this.#goodToken(known) !== null);
    return hash !== undefined && this.state.tokens.delete(hash);
  }

  async knowsToken(hash: string): Promise<boolean> {
    return this.#goodToken(hash) !== null;
  }

  async redeemToken(hash: string): Promise<UserId | null> {
    const token = this.#goodToken(hash);
    if (token === null) return null;
    this.state.tokens.set(hash, { ...token, usedAt: this.state.now() });
    return token.user;
  }

  #goodToken(hash: string) {
    const token = this.state.tokens.get(hash);
    return token === undefined || token.usedAt !== null || token.expiresAt <= this.state.now() ? null : token;
  }
}

/** Null when it is revoked or expired, or gone. */
export function goodKey(state: MemoryState, id: KeyId): { readonly key: ApiKey; readonly user: User } | null {
  const key = state.keys.get(id)?.key;
  if (key === undefined || key.revokedAt !== null) return null;
  if (key.expiresAt !== null && key.expiresAt <= state.now()) return null;
  return { key: { ...key }, user: { ...state.users.get(key.user)! } };
}
