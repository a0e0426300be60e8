/** Routes of sweeps: the record, its commands, and what was found. */
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { cloneBody, createSweepBody, editSweepBody, listOf, retryBody, sweepView, trialView } from '@sweep/api';
import { Invalid } from '@sweep/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import type { SweepVerb } from '../sweeps/sweeps.js';
import { mapPage, wholeList } from '../views/paging.js';
import type { SweepReader } from '../views/sweep-reader.js';
import type { TrialReader } from '../views/trial-reader.js';
import { writeJson } from './json.js';
import { type HttpParts, Parts, SweepViews, TrialViews } from './parts.js';
import { createSweepQuery, pageOf, sweepsQuery } from './queries.js';
import { Route } from './route-settings.js';

@Controller('api/v1/sweeps')
export class SweepsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(SweepViews) private readonly views: SweepReader,
    @Inject(TrialViews) private readonly trials: TrialReader,
  ) {}

  @Post()
  @Route({
    summary: 'Create a sweep from a sweep file: the YAML itself, or JSON that holds it',
    answer: sweepView,
    status: 201,
    exactNumbers: true,
    creates: true,
  })
  async create(
    @Body({ schema: createSweepBody }) body: z.infer<typeof createSweepBody>,
    @Query({ schema: createSweepQuery }) query: z.infer<typeof createSweepQuery>,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    // JSON is YAML: an object is stored as its JSON text, which keeps 16 and 16.0 apart.
    const config = typeof body.config === 'string' ? body.config : writeJson(body.config);
    const sweep = await this.parts.engine.sweeps.create(defined({ ...query, ...body, config }), caller);
    reply.header('location', `/api/v1/sweeps/${sweep.id}`);
    return this.views.view(sweep);
  }

  @Get()
  @Route({ summary: 'Sweeps, newest first', answer: listOf(sweepView) })
  async list(@Query({ schema: sweepsQuery }) query: z.infer<typeof sweepsQuery>, @CallerOf() caller: Caller) {
    const { store } = this.parts;
    const filter = query.state === undefined ? {} : { states: query.state };
    if (query.project === undefined) return mapPage(await store.sweeps.list(filter, pageOf(query)), (sweeps) => this.views.views(sweeps));
    const names = query.project.split('/');
    const project = await store.projects.find(names.length === 2 ? names[0]! : caller.user.name, names.at(-1)!);
    if (project === null) return wholeList([]);
    return mapPage(await store.sweeps.list({ ...filter, project: project.id }, pageOf(query)), (sweeps) => this.views.views(sweeps));
  }

  @Get(':id')
  @Route({ summary: 'One sweep', answer: sweepView })
  async find(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const sweep = await this.parts.engine.sweeps.find(id);
    reply.header('etag', `"${sweep.revision}"`);
    return this.views.view(sweep);
  }

  @Patch(':id')
  @Route({ changes: 'sweep', summary: 'Edit a sweep; `If-Match` names the revision that was edited', answer: sweepView })
  async edit(
    @Param('id') id: string,
    @Body({ schema: editSweepBody }) body: z.infer<typeof editSweepBody>,
    @Headers('if-match') match: string | undefined,
    @CallerOf() caller: Caller,
  ) {
    const { sweeps } = this.parts.engine;
    const sweep = await sweeps.find(id);
    return this.views.view(await sweeps.edit(sweep.id, revisionIn(match), defined(body), caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({ changes: 'sweep', summary: 'Remove a sweep that has ended', status: 204 })
  async remove(@Param('id') id: string): Promise<void> {
    const sweep = await this.parts.engine.sweeps.find(id);
    await this.parts.engine.sweeps.remove(sweep.id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Route({ changes: 'sweep', summary: 'No new trials; running ones go on', answer: sweepView })
  pause(@Param('id') id: string) {
    return this.#command(id, 'pause');
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Route({ changes: 'sweep', summary: 'Go on with a sweep that is paused or over', answer: sweepView })
  resume(@Param('id') id: string) {
    return this.#command(id, 'resume');
  }

  @Post(':id/stop')
  @HttpCode(200)
  @Route({ changes: 'sweep', summary: 'No new trials; running ones finish, then the sweep is over', answer: sweepView })
  stop(@Param('id') id: string) {
    return this.#command(id, 'stop');
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Route({ changes: 'sweep', summary: 'Running trials are terminated, then the sweep is over', answer: sweepView })
  cancel(@Param('id') id: string) {
    return this.#command(id, 'cancel');
  }

  @Post(':id/retry')
  @Route({
    changes: 'sweep',
    summary: 'New trials with the params of failed ones, or of those named',
    answer: listOf(trialView),
    status: 201,
    creates: true,
  })
  async retry(@Param('id') id: string, @Body({ schema: retryBody.optional() }) body: z.infer<typeof retryBody> = {}) {
    const { sweeps } = this.parts.engine;
    const sweep = await sweeps.find(id);
    const trials = await sweeps.retry(sweep.id, defined(body));
    return wholeList(await this.trials.views(sweep, trials));
  }

  @Post(':id/clone')
  @Route({ summary: 'A new sweep with the same file', answer: sweepView, status: 201, creates: true })
  async clone(
    @Param('id') id: string,
    @CallerOf() caller: Caller,
    @Body({ schema: cloneBody.optional() }) body: z.infer<typeof cloneBody> = {},
  ) {
    const { sweeps } = this.parts.engine;
    const sweep = await sweeps.find(id);
    return this.views.view(await sweeps.clone(sweep.id, defined(body), caller));
  }

  async #command(id: string, verb: SweepVerb) {
    const { sweeps } = this.parts.engine;
    const sweep = await sweeps.find(id);
    return this.views.view(await sweeps.command(sweep.id, verb));
  }
}

/** `"3"`, `W/"3"` or `3`; null without a header or for `*`. */
function revisionIn(match: string | undefined): number | null {
  if (match === undefined || match.trim() === '*') return null;
  const number = /^(?:W\/)?"?(\d{1,9})"?$/.exec(match.trim())?.[1];
  if (number === undefined) throw new Invalid(`If-Match is ${match}: expected the number of a revision`);
  return Number(number);
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the members that are undefined: an absent change is not a change to nothing. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
