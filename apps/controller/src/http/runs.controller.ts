/** Routes of runs: the tracked records, those of trials and those of programs on their own. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { alertView as alertSchema, listOf, metricsView as metricsSchema, runView as runSchema } from '@sweep/api';
import { NotFound, runId } from '@sweep/domain';
import type { Run } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { metricsView } from '../views/metrics-view.js';
import { allPages, mapPage, wholeList } from '../views/paging.js';
import { alertView, runView } from '../views/record-views.js';
import { type HttpParts, Parts } from './parts.js';
import { metricsQuery, pageOf, runsQuery } from './queries.js';
import { Route } from './route-settings.js';

const usualSamples = 500;

@Controller('api/v1/runs')
export class RunsController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get()
  @Route({ summary: 'Runs, newest first', answer: listOf(runSchema) })
  async list(@Query({ schema: runsQuery }) query: z.infer<typeof runsQuery>, @CallerOf() caller: Caller) {
    const { store } = this.parts;
    if (query.project === undefined) return mapPage(await store.runs.list(null, pageOf(query)), (runs) => this.#views(runs));
    const names = query.project.split('/');
    const project = await store.projects.find(names.length === 2 ? names[0]! : caller.user.name, names.at(-1)!);
    if (project === null) return wholeList([]);
    return mapPage(await store.runs.list(project.id, pageOf(query)), (runs) => this.#views(runs));
  }

  @Get(':id')
  @Route({ summary: 'One run', answer: runSchema })
  async find(@Param('id') id: string) {
    const [view] = await this.#views([await this.#run(id)]);
    return view;
  }

  @Get(':id/metrics')
  @Route({ summary: 'Curves of a run', answer: metricsSchema })
  async metrics(@Param('id') id: string, @Query({ schema: metricsQuery }) query: z.infer<typeof metricsQuery>) {
    const { keys, samples = usualSamples, attempt } = query;
    const run = await this.#run(id);
    const { metrics } = this.parts.store;
    const shown = attempt ?? (await this.#trialOf(run))?.attempt ?? run.attempt;
    const names = keys ?? null;
    if (samples > 0) return metricsView(await metrics.sample(run.id, shown, names, samples));
    return metricsView({ series: await metrics.read(run.id, shown, names), downsampled: false });
  }

  @Get(':id/alerts')
  @Route({ summary: 'Alerts that the program of a run raised', answer: listOf(alertSchema) })
  async alerts(@Param('id') id: string) {
    const run = await this.#run(id);
    return wholeList((await this.parts.store.alerts.list(run.id)).map(alertView));
  }

  async #run(id: string): Promise<Run> {
    const run = await this.parts.store.runs.find(runId(id));
    if (run === null) throw new NotFound(`there is no run ${id}`);
    return run;
  }

  async #trialOf({ trial }: Run) {
    return trial === null ? null : this.parts.store.trials.find(trial);
  }

  async #views(runs: readonly Run[]) {
    const { store } = this.parts;
    const [projects, trials] = await Promise.all([
      allPages((page) => store.projects.list(page)),
      Promise.all(runs.map((run) => this.#trialOf(run))),
    ]);
    const last = await store.metrics.last(runs.map((run, index) => ({ run: run.id, attempt: trials[index]?.attempt ?? run.attempt })));
    const paths = new Map(projects.map(({ id, entity, name }) => [id, `${entity}/${name}`]));
    return runs.map((run, index) =>
      runView(run, { project: paths.get(run.project) ?? '', trial: trials[index] ?? null, last: last[index] ?? [] }),
    );
  }
}
