/** Routes of what a sweep holds: its trials, the best of them, its history, and what can be learnt from all. */
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  askBody,
  askView,
  bestView,
  decisionView as decisionSchema,
  enqueueBody,
  insightView as insightSchema,
  listOf,
  revisionView as revisionSchema,
  searchLogView as searchLogSchema,
  type TrialView,
  trialView,
} from '@sweep/api';
import type { Sweep, Trial } from '@sweep/domain';
import { keepsLimits, type Params, paretoSet } from '@sweep/optimizer';
import type { RunFilter } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { insightView } from '../views/insight-view.js';
import { eachPage, mapPage, placedPage, wholeList } from '../views/paging.js';
import { decisionView } from '../views/record-views.js';
import { allOf, filterIn, ordersIn, placeIn } from '../views/run-names.js';
import { searchLogView } from '../views/search-view.js';
import { revisionView } from '../views/sweep-view.js';
import type { TrialReader } from '../views/trial-reader.js';
import { type HttpParts, Parts, TrialViews } from './parts.js';
import { bestQuery, pageOf, pageQuery, trialsQuery } from './queries.js';
import { Route } from './route-settings.js';

/** Of one objective. */
const usualBest = 10;

@Controller('api/v1/sweeps/:id')
export class SweepTrialsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(TrialViews) private readonly views: TrialReader,
  ) {}

  @Get('trials')
  @Route({ summary: 'Trials by number, or sorted by params, metrics or objective', answer: listOf(trialView) })
  async list(@Param('id') id: string, @Query({ schema: trialsQuery }) query: z.infer<typeof trialsQuery>) {
    const sweep = await this.parts.engine.sweeps.find(id);
    const filter = query.state === undefined ? {} : { states: query.state };
    if (query.sort === undefined && query.where === undefined) {
      return mapPage(await this.parts.store.trials.list(sweep.id, filter, pageOf(query)), (trials) => this.views.views(sweep, trials));
    }
    const { limit, cursor } = pageOf(query);
    const start = cursor === null ? 0 : placeIn(cursor);
    const orders = [...ordersIn(query.sort === undefined ? [] : [query.sort]), ...byNumber];
    const found = await this.parts.store.runs.query(
      { project: sweep.project, filter: trialFilter(sweep, query), orders },
      { start, limit },
    );
    const trials = await this.parts.store.trials.findAll(found.items.map(({ trial }) => trial!));
    return placedPage(found, start, await this.views.views(sweep, trials));
  }

  @Post('trials')
  @Route({ changes: 'sweep', summary: 'Enqueue chosen params', answer: listOf(trialView), status: 201, exactNumbers: true, creates: true })
  async enqueue(@Param('id') id: string, @Body({ schema: enqueueBody }) body: z.infer<typeof enqueueBody>) {
    const { sweeps } = this.parts.engine;
    const sweep = await sweeps.find(id);
    // The body was read by the optimizer's own JSON reader: its members are parameter values.
    const points = (Array.isArray(body.params) ? body.params : [body.params]) as readonly Params[];
    return wholeList(await this.views.views(sweep, await sweeps.enqueue(sweep.id, points)));
  }

  @Post('ask')
  @Route({
    changes: 'sweep',
    summary: 'Proposals for a program without an agent, each with a lease',
    answer: askView,
    status: 201,
    creates: true,
  })
  async ask(@Param('id') id: string, @CallerOf() caller: Caller, @Body({ schema: askBody.optional() }) body: z.infer<typeof askBody> = {}) {
    const { sweeps, askTell } = this.parts.engine;
    const sweep = await sweeps.find(id);
    const { trials, exhausted } = await askTell.ask(sweep, body.count ?? 1, body.name ?? null, caller);
    return { trials: await this.views.views(sweep, trials), exhausted };
  }

  @Get('best')
  @Route({
    summary: 'The best trials, within all limits, and the one that the sampler’s model prefers; of several objectives the Pareto set',
    answer: bestView,
  })
  async best(@Param('id') id: string, @Query({ schema: bestQuery }) query: z.infer<typeof bestQuery>) {
    const sweep = await this.parts.engine.sweeps.find(id);
    const best = await this.#best(sweep, query.limit);
    return { ...wholeList(await this.views.views(sweep, best)), recommended: await this.#recommended(sweep) };
  }

  @Get('search-log')
  @Route({ summary: 'From what each trial was proposed, so that it can be computed again', answer: searchLogSchema })
  async searchLog(@Param('id') id: string, @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>) {
    const sweep = await this.parts.engine.sweeps.find(id);
    const { searchLog } = this.parts.store;
    const page = pageOf(query);
    const priors = page.cursor === null ? await searchLog.priors(sweep.id) : [];
    return searchLogView(sweep, await searchLog.trials(sweep.id, page), priors);
  }

  @Get('revisions')
  @Route({ summary: 'Every edit, oldest first', answer: listOf(revisionSchema) })
  async revisions(@Param('id') id: string) {
    const sweep = await this.parts.engine.sweeps.find(id);
    const { keys, sweeps } = this.parts.store;
    const [revisions, known] = await Promise.all([sweeps.revisions(sweep.id), keys.listUsers()]);
    const users = new Map<string, string>(known.map(({ id, name }) => [id, name]));
    return wholeList(revisions.map((revision) => revisionView(revision, users)));
  }

  @Get('decisions')
  @Route({ summary: 'Recorded reasons: why proposed, stopped, retried', answer: listOf(decisionSchema) })
  async decisions(@Param('id') id: string, @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>) {
    const sweep = await this.parts.engine.sweeps.find(id);
    const page = await this.parts.store.decisions.list(sweep.id, null, pageOf(query));
    const ids = [...new Set(page.items.flatMap(({ trial }) => (trial === null ? [] : [trial])))];
    const numbers = new Map(
      await Promise.all(ids.map(async (trial) => [trial, (await this.parts.store.trials.find(trial))?.number ?? null] as const)),
    );
    return mapPage(page, (items) => items.map((one) => decisionView(one, one.trial === null ? null : (numbers.get(one.trial) ?? null))));
  }

  @Get('importance')
  @Route({ summary: 'How much each parameter matters to the first objective, and what more trials would bring', answer: insightSchema })
  async importance(@Param('id') id: string) {
    const sweep = await this.parts.engine.sweeps.find(id);
    const { specs, sampling } = this.parts.engine;
    return insightView(specs.of(sweep), await sampling.insight(sweep));
  }

  @Get('pareto')
  @Route({ summary: 'The completed trials within all limits that no other of them beats in every objective', answer: listOf(trialView) })
  async pareto(@Param('id') id: string) {
    const sweep = await this.parts.engine.sweeps.find(id);
    return wholeList(await this.views.views(sweep, await this.#front(sweep)));
  }

  async #best(sweep: Sweep, limit: number | undefined): Promise<readonly Trial[]> {
    const { objectives, limits } = this.parts.engine.specs.of(sweep);
    const [objective] = objectives;
    if (objective === undefined) return [];
    if (objectives.length > 1) return (await this.#front(sweep)).slice(0, limit);
    return this.parts.store.trials.best(sweep.id, { goal: objective.goal, limits }, limit ?? usualBest);
  }

  async #front(sweep: Sweep): Promise<readonly Trial[]> {
    const { objectives, limits } = this.parts.engine.specs.of(sweep);
    const goals = objectives.map(({ goal }) => goal);
    const completed = eachPage((page) => this.parts.store.trials.list(sweep.id, { states: ['completed'] }, page));
    let front: readonly Trial[] = [];
    // What the front of a part beats, the front of the whole beats too.
    for await (const page of completed) front = paretoSet([...front, ...page.filter((one) => keepsLimits(limits, one.limits))], goals);
    return front;
  }

  async #recommended(sweep: Sweep): Promise<TrialView | null> {
    const number = await this.parts.engine.proposer.recommend(sweep);
    const trial = number === null ? null : await this.parts.store.trials.findByNumber(sweep.id, number);
    return trial === null ? null : ((await this.views.views(sweep, [trial]))[0] ?? null);
  }
}

const byNumber = ordersIn(['number']);

/** A trial is found as its run. */
function trialFilter(sweep: Sweep, { state, where }: z.infer<typeof trialsQuery>): RunFilter | null {
  const column = (name: 'sweep' | 'ownState' | 'isTrial') => ({ kind: 'column', column: name }) as const;
  return allOf(
    { op: 'eq', field: column('sweep'), value: sweep.id },
    // An attempt may have a run of its own.
    { op: 'eq', field: column('isTrial'), value: true },
    state === undefined ? null : { op: 'in', field: column('ownState'), values: state },
    where === undefined ? null : filterIn(where),
  );
}
