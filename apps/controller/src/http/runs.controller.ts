/** Routes of runs: the tracked records, those of trials and those of programs on their own. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  alertView as alertSchema,
  listOf,
  metricsView as metricsSchema,
  oneRunView as oneRunSchema,
  runView as runSchema,
} from '@sweep/api';
import type { RunFilter } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { metricsView } from '../views/metrics-view.js';
import { oneRunView } from '../views/one-run-view.js';
import { placedPage, wholeList } from '../views/paging.js';
import { alertView } from '../views/record-views.js';
import { allOf, filterIn, ordersIn, placeIn } from '../views/run-names.js';
import { type RunReader, shownAttempt } from '../views/run-reader.js';
import { attemptView } from '../views/trial-view.js';
import { type HttpParts, Parts, RunViews } from './parts.js';
import { metricsQuery, pageOf, runsQuery } from './queries.js';
import { Route } from './route-settings.js';

const usualSamples = 500;

@Controller('api/v1/runs')
export class RunsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(RunViews) private readonly views: RunReader,
  ) {}

  @Get()
  @Route({ summary: 'Runs, newest first, or found by an expression and sorted by any value', answer: listOf(runSchema) })
  async list(@Query({ schema: runsQuery }) query: z.infer<typeof runsQuery>, @CallerOf() { user }: Caller) {
    const filter = allOf(query.where === undefined ? null : filterIn(query.where), query.ids === undefined ? null : withIds(query.ids));
    const project = query.project === undefined ? null : await this.views.project(query.project, user.name);
    if (query.project !== undefined && project === null) return wholeList([]);
    const { limit, cursor } = pageOf(query);
    const start = cursor === null ? (query.offset ?? 0) : placeIn(cursor);
    const orders = query.sort === undefined ? newestFirst : ordersIn(query.sort);
    const found = await this.parts.store.runs.query({ project: project?.id ?? null, filter, orders }, { start, limit });
    return placedPage(found, start, await this.views.views(found.items, query.columns ?? null));
  }

  @Get(':id')
  @Route({ summary: 'One run, by its id or as ENTITY/PROJECT/NAME', answer: oneRunSchema })
  async find(@Param('id') id: string) {
    const record = await this.views.find(id);
    const [view] = await this.views.views([record], null);
    const attempts = record.trial === null ? [] : await this.parts.store.attempts.list(record.trial);
    return oneRunView(record, view!, attempts.map(attemptView));
  }

  @Get(':id/metrics')
  @Route({ summary: 'Curves of a run', answer: metricsSchema })
  async metrics(@Param('id') id: string, @Query({ schema: metricsQuery }) query: z.infer<typeof metricsQuery>) {
    const { keys, samples = usualSamples, attempt } = query;
    const run = await this.views.find(id);
    const { metrics } = this.parts.store;
    const shown = attempt ?? shownAttempt(run);
    const names = keys ?? null;
    if (samples > 0) return metricsView((await metrics.sample([{ run: run.id, attempt: shown }], names, samples))[0]!);
    return metricsView({ series: await metrics.read(run.id, shown, names), downsampled: false });
  }

  @Get(':id/alerts')
  @Route({ summary: 'Alerts that the program of a run raised', answer: listOf(alertSchema) })
  async alerts(@Param('id') id: string) {
    const run = await this.views.find(id);
    return wholeList((await this.parts.store.alerts.list(run.id)).map(alertView));
  }
}

const newestFirst = ordersIn(['-created']);

const withIds = (ids: readonly string[]): RunFilter => ({ op: 'in', field: { kind: 'column', column: 'id' }, values: ids });
