/**
 * Whether a key may speak for an agent that came with another one before. Pure.
 *
 * Names of agents are no secrets, so without this any agent could end another's trials and take its place.
 */
import type { KeyId } from '@sweep/domain';
import type { AgentOwner } from '@sweep/store';
import type { Caller } from '../auth/caller.js';

/** @param good those of the keys that open anything now */
export function maySpeakFor(owner: AgentOwner | null, { key, user }: Caller, good: ReadonlySet<KeyId>): boolean {
  if (owner === null || owner.key === key.id) return true;
  if (key.scope !== 'agent' && (user.admin || owner.user === user.id)) return true;
  // A machine that joined again: its old key is of no use to anybody.
  return owner.user === user.id && !good.has(owner.key);
}
