/** Routes of runs: the tracked records, those of trials and those of programs on their own. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { listOf, runView as runSchema } from '@sweep/api';
import { NotFound, runId } from '@sweep/domain';
import type { Run } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { allPages, mapPage, wholeList } from '../views/paging.js';
import { runView } from '../views/record-views.js';
import { type HttpParts, Parts } from './parts.js';
import { pageOf, runsQuery } from './queries.js';
import { Route } from './route-settings.js';

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
    const run = await this.parts.store.runs.find(runId(id));
    if (run === null) throw new NotFound(`there is no run ${id}`);
    const [view] = await this.#views([run]);
    return view;
  }

  async #views(runs: readonly Run[]) {
    const { store } = this.parts;
    const [projects, trials] = await Promise.all([
      allPages((page) => store.projects.list(page)),
      Promise.all(runs.map(async ({ trial }) => (trial === null ? null : store.trials.find(trial)))),
    ]);
    const last = await store.metrics.last(runs.map(({ id }, index) => ({ run: id, attempt: trials[index]?.attempt ?? 1 })));
    const paths = new Map(projects.map(({ id, entity, name }) => [id, `${entity}/${name}`]));
    return runs.map((run, index) =>
      runView(run, { project: paths.get(run.project) ?? '', trial: trials[index] ?? null, last: last[index] ?? [] }),
    );
  }
}
