/** What people do with agents. */
import { type Agent, type AgentId, Conflict, NotFound } from '@sweep/domain';
import type { Store } from '@sweep/store';

export class Agents {
  constructor(private readonly store: Store) {}

  /** No new work; what runs goes on. */
  async drain(id: AgentId, reason: string): Promise<Agent> {
    if (!(await this.store.agents.move(id, ['online'], 'draining', reason)))
      throw new Conflict(`agent ${id} is ${(await this.#load(id)).state}: only an agent that is online can be drained`);
    return this.#load(id);
  }

  /** After a drain, or out of quarantine: what spoke against the machine is forgotten. */
  async resume(id: AgentId): Promise<Agent> {
    const cleared = await this.store.quarantines.clear(id);
    if (!(await this.store.agents.move(id, ['draining'], 'online', null)) && !cleared)
      throw new Conflict(`agent ${id} is ${(await this.#load(id)).state}: only an agent that drains or is quarantined can be resumed`);
    return this.#load(id);
  }

  async remove(id: AgentId): Promise<void> {
    const agent = await this.#load(id);
    if (!(await this.store.agents.remove(id)))
      throw new Conflict(`agent ${id} is ${agent.state}: only an agent that is offline or lost, and holds no trial, can be removed`);
  }

  async #load(id: AgentId): Promise<Agent> {
    const agent = await this.store.agents.find(id);
    if (agent === null) throw new NotFound(`there is no agent ${id}`);
    return agent;
  }
}
