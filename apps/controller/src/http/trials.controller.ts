/** Routes of one trial: the record, its curves and console output, its attempts, and what a program without an agent reports. */
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  attemptView as attemptSchema,
  decisionView as decisionSchema,
  listOf,
  metricsView as metricsSchema,
  type numeric,
  oneTrialView,
  reportBody,
  reportView,
  tellBody,
  trialView,
} from '@sweep/api';
import { Invalid } from '@sweep/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { logStream } from '../live/log-stream.js';
import { type Curves, metricsView, packMetrics } from '../views/metrics-view.js';
import { mapPage, wholeList } from '../views/paging.js';
import { decisionView } from '../views/record-views.js';
import { proposalView } from '../views/search-view.js';
import type { TrialReader } from '../views/trial-reader.js';
import { attemptView } from '../views/trial-view.js';
import { sendEither } from './curves.controller.js';
import { type HttpParts, Parts, TrialViews } from './parts.js';
import { logsQuery, metricsQuery, pageOf, pageQuery } from './queries.js';
import { Route } from './route-settings.js';

const usualSamples = 500;

@Controller('api/v1/trials/:id')
export class TrialsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(TrialViews) private readonly views: TrialReader,
  ) {}

  @Get()
  @Route({ summary: 'One trial, by its run id or as SWEEP#NUMBER, and from what it was proposed', answer: oneTrialView })
  async find(@Param('id') id: string) {
    const trial = await this.parts.engine.trials.find(id);
    const proposal = await this.parts.store.searchLog.proposal(trial.id);
    return { ...(await this.views.view(trial)), proposal: proposal === null ? null : proposalView(proposal) };
  }

  @Get('metrics')
  @Route({ summary: 'Curves; packed when `application/octet-stream` is accepted', answer: metricsSchema })
  async metrics(
    @Param('id') id: string,
    @Query({ schema: metricsQuery }) query: z.infer<typeof metricsQuery>,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const curves = await this.#curves(id, query);
    sendEither(reply, accept, { packed: () => packMetrics(curves), json: () => metricsView(curves) });
  }

  @Get('logs')
  @Route({ summary: 'Console output from a byte offset; with `follow` until the attempt is over', produces: 'text/plain' })
  async logs(
    @Param('id') id: string,
    @Query({ schema: logsQuery }) query: z.infer<typeof logsQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const attempt = await this.views.attempt(await this.parts.engine.trials.find(id), query.attempt);
    reply.type('text/plain; charset=utf-8');
    if (attempt === null || reply.request.method === 'HEAD') {
      reply.send('');
      return;
    }
    const { store, clock, closing } = this.parts;
    const { stream = 'stdout', offset = 0, follow = false } = query;
    reply.send(logStream(store, clock, { attempt, stream, offset, follow, closing }));
  }

  @Get('attempts')
  @Route({ summary: 'Every execution of the trial', answer: listOf(attemptSchema) })
  async attempts(@Param('id') id: string) {
    const trial = await this.parts.engine.trials.find(id);
    return wholeList((await this.parts.store.attempts.list(trial.id)).map(attemptView));
  }

  @Get('decisions')
  @Route({ summary: 'Recorded reasons about the trial', answer: listOf(decisionSchema) })
  async decisions(@Param('id') id: string, @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>) {
    const trial = await this.parts.engine.trials.find(id);
    const page = await this.parts.store.decisions.list(trial.sweep, trial.id, pageOf(query));
    return mapPage(page, (items) => items.map((one) => decisionView(one, trial.number)));
  }

  @Post('report')
  @HttpCode(200)
  @Route({ changes: 'trial', summary: 'Metrics of a trial that was asked for; answers whether to stop', answer: reportView })
  async report(@Param('id') id: string, @Body({ schema: reportBody }) body: z.infer<typeof reportBody>) {
    const trial = await this.parts.engine.trials.find(id);
    return this.parts.engine.askTell.report(trial, body.step ?? null, numbersIn(body.metrics));
  }

  @Post('tell')
  @HttpCode(200)
  @Route({ changes: 'trial', summary: 'The result of a trial that was asked for', answer: trialView })
  async tell(@Param('id') id: string, @Body({ schema: tellBody }) body: z.infer<typeof tellBody>) {
    const trial = await this.parts.engine.trials.find(id);
    return this.views.view(await this.parts.engine.askTell.tell(trial, resultIn(body)));
  }

  @Post('cancel')
  @HttpCode(200)
  @Route({ changes: 'trial', summary: 'Withdraw a queued trial, or terminate a running one', answer: trialView })
  async cancel(@Param('id') id: string, @CallerOf() { user }: Caller) {
    const { trials } = this.parts.engine;
    const trial = await trials.find(id);
    await trials.cancel(trial, `cancelled by ${user.name}`);
    return this.views.view(await trials.find(trial.id));
  }

  async #curves(id: string, { keys, samples = usualSamples, attempt: wanted }: z.infer<typeof metricsQuery>): Promise<Curves> {
    const attempt = await this.views.attempt(await this.parts.engine.trials.find(id), wanted);
    if (attempt === null) return { series: [], downsampled: false };
    const { metrics } = this.parts.store;
    if (samples > 0) return (await metrics.sample([{ run: attempt.run, attempt: attempt.number }], keys ?? null, samples))[0]!;
    return { series: await metrics.read(attempt.run, attempt.number, keys ?? null), downsampled: false };
  }
}

/** @throws Invalid when both forms of the value are given, or neither is and the trial is told completed */
function resultIn({ value, values, metrics = {}, state = 'completed', reason }: z.infer<typeof tellBody>) {
  if (value !== undefined && values !== undefined)
    throw new Invalid('give `value`, or `values` when there are several objectives, not both');
  const told = values ?? (value === undefined ? [] : [value]);
  if (state === 'completed' && told.length === 0)
    throw new Invalid('a completed trial has a result: give `value`, or a `state` of failed or pruned');
  return { state, values: told.map(Number), metrics: numbersIn(metrics), reason: reason ?? null };
}

const numbersIn = (metrics: Readonly<Record<string, z.infer<typeof numeric>>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
