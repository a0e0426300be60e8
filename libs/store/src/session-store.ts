/** Browsers that signed in with a key. A session is good while its key is, and not beyond its own expiry. */
import type { KeyId } from '@sweep/domain';
import type { ApiKey, User } from './key-store.js';

export interface SessionStore {
  /** `hash`: SHA-256 of the session's secret, hex. Sessions that have expired are forgotten on the way. */
  open(session: { readonly hash: string; readonly key: KeyId; readonly expiresAt: number }): Promise<void>;
  /** Null when it is unknown, closed or expired, or its key is revoked or expired. */
  authenticate(hash: string): Promise<{ readonly key: ApiKey; readonly user: User; readonly expiresAt: number } | null>;
  /** False: there was none. */
  close(hash: string): Promise<boolean>;
}
