/** Routes of agents: machines, their slots, and what these run. */
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { agentView as agentSchema, listOf } from '@sweep/api';
import { type Agent, agentId, NotFound } from '@sweep/domain';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { mapPage } from '../views/paging.js';
import { agentView } from '../views/record-views.js';
import { type HttpParts, Parts } from './parts.js';
import { pageOf, pageQuery } from './queries.js';
import { Route } from './route-settings.js';

@Controller('api/v1/agents')
export class AgentsController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get()
  @Route({ summary: 'Agents', answer: listOf(agentSchema) })
  async list(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>) {
    return mapPage(await this.parts.store.agents.list(pageOf(query)), (agents) => this.#views(agents));
  }

  @Get(':id')
  @Route({ summary: 'One agent', answer: agentSchema })
  async find(@Param('id') id: string) {
    const agent = await this.parts.store.agents.find(agentId(id));
    if (agent === null) throw new NotFound(`there is no agent ${id}`);
    return this.#view(agent);
  }

  @Post(':id/drain')
  @HttpCode(200)
  @Route({ changes: 'agent', summary: 'No new work; what runs goes on', answer: agentSchema })
  async drain(@Param('id') id: string, @CallerOf() { user }: Caller) {
    return this.#view(await this.parts.engine.agents.drain(agentId(id), `drained by ${user.name}`));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Route({ changes: 'agent', summary: 'Work again after a drain', answer: agentSchema })
  async resume(@Param('id') id: string) {
    return this.#view(await this.parts.engine.agents.resume(agentId(id)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({ changes: 'agent', summary: 'Forget an agent that is gone', status: 204 })
  async remove(@Param('id') id: string): Promise<void> {
    await this.parts.engine.agents.remove(agentId(id));
  }

  async #view(agent: Agent) {
    const [view] = await this.#views([agent]);
    return view!;
  }

  async #views(agents: readonly Agent[]) {
    const { trials, usage } = this.parts.store;
    const usages = await usage.of(agents.map(({ id }) => id));
    return Promise.all(agents.map(async (agent) => agentView(agent, await trials.heldBy(agent.id), usages.get(agent.id) ?? null)));
  }
}
