/** Users, their keys and join tokens: the part of the seam that says who may come in. */
import type { KeyId, ProjectId, TrialId, UserId } from '@sweep/domain';

export type KeyScope = 'admin' | 'user' | 'agent' | 'attempt';

export interface User {
  readonly id: UserId;
  /** Also the name of the entity that the user owns. */
  readonly name: string;
  readonly admin: boolean;
  readonly createdAt: number;
}

export interface ApiKey {
  readonly id: KeyId;
  readonly user: UserId;
  readonly name: string;
  readonly scope: KeyScope;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** For scope `attempt`: what it may write. */
  readonly trial: TrialId | null;
  readonly attempt: number | null;
  readonly project: ProjectId | null;
}

/** Hex digits of a token's hash that stand for it. */
export const tokenIdLength = 12;

/** Its secret is not kept. */
export interface JoinToken {
  /** Enough of the hash to tell tokens apart. */
  readonly id: string;
  readonly user: UserId;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

export interface KeyStore {
  createUser(user: { readonly id: UserId; readonly name: string; readonly admin: boolean }): Promise<User | null>;
  findUser(id: UserId): Promise<User | null>;
  findUserByName(name: string): Promise<User | null>;
  listUsers(): Promise<readonly User[]>;
  removeUser(id: UserId): Promise<boolean>;
  /** `hash`: SHA-256 of the key, hex. */
  create(key: Omit<ApiKey, 'createdAt' | 'revokedAt'>, hash: string): Promise<ApiKey>;
  /** The key with its user, if it exists, is not revoked and not expired. */
  authenticate(hash: string): Promise<{ readonly key: ApiKey; readonly user: User } | null>;
  list(user: UserId | null): Promise<readonly ApiKey[]>;
  revoke(id: KeyId): Promise<boolean>;
  /** Those of them that open anything now. */
  good(ids: readonly KeyId[]): Promise<ReadonlySet<KeyId>>;
  /** One-time join tokens for agents. */
  createToken(hash: string, user: UserId, expiresAt: number): Promise<void>;
  /** Newest first. */
  listTokens(): Promise<readonly JoinToken[]>;
  /** False: there is none with this id that could be redeemed. */
  revokeToken(id: string): Promise<boolean>;
  /** Whether it could be redeemed now; uses nothing up. */
  knowsToken(hash: string): Promise<boolean>;
  /** The user who made it; null if unknown, used or expired. Exactly one caller wins. */
  redeemToken(hash: string): Promise<UserId | null>;
}
