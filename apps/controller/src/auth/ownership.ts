/**
 * Whose a thing is, and who may change it: people change what belongs to their own entity or to a team of theirs, administrators change everything.
 *
 * Everybody with a key of a person may read everything; what the key's scope allows at all is access.guard.ts. An agent belongs to the
 * user of the key that it came with.
 */
import { type AgentId, agentId, Forbidden, type Sweep, type SweepId, type Trial } from '@sweep/domain';
import type { Store, User } from '@sweep/store';
import type { Caller } from './caller.js';

/** What a route's `:id` names. */
export type Owned = 'sweep' | 'trial' | 'agent';

export interface OwnershipParts {
  readonly store: Store;
  readonly sweeps: { find(path: string): Promise<Sweep> };
  readonly trials: { find(id: string): Promise<Trial> };
}

/** Into their own entity, into that of a team of theirs; an administrator into each. */
export async function mayWrite({ teams }: Pick<Store, 'teams'>, user: User, entity: string): Promise<boolean> {
  return user.admin || entity === user.name || (await teams.member(entity, user.id)) !== null;
}

export class Ownership {
  constructor(private readonly parts: OwnershipParts) {}

  /** @throws Forbidden, and NotFound or Invalid for what is not there */
  async demand(kind: Owned, id: string, { user }: Caller): Promise<void> {
    // Spares those who may do everything the look-ups; that the thing exists is for the route to find out.
    if (user.admin) return;
    if (kind === 'agent') return this.#demandAgent(agentId(id), user);
    const sweep = kind === 'sweep' ? (await this.parts.sweeps.find(id)).id : (await this.parts.trials.find(id)).sweep;
    await this.#demandSweep(sweep, `${kind} ${id}`, user);
  }

  async #demandSweep(id: SweepId, what: string, user: User): Promise<void> {
    const sweep = await this.parts.store.sweeps.find(id);
    if (sweep === null || (await mayWrite(this.parts.store, user, sweep.entity))) return;
    throw new Forbidden(`${what} belongs to ${sweep.entity}: ${user.name} may read it, not change it`);
  }

  /** Agents of W&B's clients have no key of their own and belong to their sweep. */
  async #demandAgent(id: AgentId, user: User): Promise<void> {
    const { agents } = this.parts.store;
    const [agent, owner] = await Promise.all([agents.find(id), agents.owner(id)]);
    if (agent === null || owner?.user === user.id) return;
    if (owner === null && agent.sweep !== null) return this.#demandSweep(agent.sweep, `agent ${id}`, user);
    throw new Forbidden(`agent ${id} is not yours: ask its owner or an administrator`);
  }
}
