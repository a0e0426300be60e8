/** Routes about the whole installation: what waits and why, how much room everything takes, and giving some of it back. */
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { collectBody, collectedView, listOf, storageView, waitingView as waitingSchema } from '@sweep/api';
import type { Sweep, Trial } from '@sweep/domain';
import type { z } from 'zod';
import { Collect } from '../background/collect.js';
import { wholeList } from '../views/paging.js';
import { waitingView } from '../views/sweep-data-view.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

/** The oldest ones: what waits behind so many waits for them. */
const mostWaiting = 1_000;

@Controller('api/v1')
export class MachinesController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('queue')
  @Route({
    summary: 'Trials that wait for a slot, in the order of their priority and age, and why each waits',
    answer: listOf(waitingSchema),
  })
  async queue() {
    const queued = await this.parts.store.trials.inStates(['queued'], mostWaiting);
    const sweeps = await Promise.all([...new Set(queued.map(({ sweep }) => sweep))].map((id) => this.parts.store.sweeps.find(id)));
    const lists = await Promise.all(sweeps.filter((sweep) => sweep !== null).map((sweep) => this.#waiting(sweep, queued)));
    return wholeList(lists.flat().sort((a, b) => b.priority - a.priority || (a.since < b.since ? -1 : Number(a.since > b.since))));
  }

  @Get('storage')
  @Route({ summary: 'How much room the database and uploaded files take', answer: storageView })
  storage() {
    return this.parts.store.storage();
  }

  @Post('collect')
  @HttpCode(200)
  @Route({ access: 'admin', summary: 'Give back at once what the hourly collection would', answer: collectedView })
  async collect(@Body({ schema: collectBody }) { dryRun }: z.infer<typeof collectBody>) {
    const collect = new Collect(this.parts);
    return await (dryRun ? collect.preview() : collect.run());
  }

  async #waiting(sweep: Sweep, queued: readonly Trial[]) {
    const own = queued.filter((trial) => trial.sweep === sweep.id);
    const why = await this.parts.engine.trials.waitingFor(sweep, own);
    return own.map((trial) => waitingView(trial, sweep, why.get(trial.id) ?? 'about to be handed out'));
  }
}
