/** Sessions of the twin. */
import type { KeyId } from '@sweep/domain';
import type { ApiKey, SessionStore, User } from '../store.js';
import { goodKey } from './keys.js';
import type { MemoryState } from './state.js';

export class MemorySessions implements SessionStore {
  constructor(private readonly state: MemoryState) {}

  async open({ hash, key, expiresAt }: { readonly hash: string; readonly key: KeyId; readonly expiresAt: number }): Promise<void> {
    for (const [known, session] of this.state.sessions) if (session.expiresAt <= this.state.now()) this.state.sessions.delete(known);
    this.state.sessions.set(hash, { key, expiresAt });
  }

  async authenticate(hash: string): Promise<{ readonly key: ApiKey; readonly user: User; readonly expiresAt: number } | null> {
    const session = this.state.sessions.get(hash);
    if (session === undefined || session.expiresAt <= this.state.now()) return null;
    const caller = goodKey(this.state, session.key);
    return caller === null ? null : { ...caller, expiresAt: session.expiresAt };
  }

  async close(hash: string): Promise<boolean> {
    return this.state.sessions.delete(hash);
  }
}
