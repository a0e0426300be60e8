/** Routes of what pages of a sweep draw: all trials in columns, who ran them when, curves, and cuts through the model. */
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import {
  curvesView as curvesSchema,
  sweepPointsView as pointsSchema,
  sweepSliceView as sliceSchema,
  sweepTimelineView as timelineSchema,
} from '@sweep/api';
import { Invalid, isLive, type Sweep, type Trial } from '@sweep/domain';
import type { Parameter } from '@sweep/optimizer';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { allPages } from '../views/paging.js';
import { samplesFor, sweepPointsView, sweepSliceView, sweepTimelineView } from '../views/sweep-data-view.js';
import { sendCurves } from './curves.controller.js';
import { type HttpParts, Parts } from './parts.js';
import { sinceQuery, sliceQuery, sweepCurvesQuery } from './queries.js';
import { Route } from './route-settings.js';

/** What was written just before an answer may have been committed just after it. */
const overlapMs = 5_000;
const usualSamples = 200;
const usualCells = { line: 60, grid: 30 } as const;

@Controller('api/v1/sweeps/:id')
export class SweepDataController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('points')
  @Route({ summary: 'Every trial in columns: params, objectives, states and times', answer: pointsSchema })
  async points(@Param('id') id: string, @Query({ schema: sinceQuery }) { since }: z.infer<typeof sinceQuery>) {
    const { store, engine } = this.parts;
    const sweep = await engine.sweeps.find(id);
    const now = await store.now();
    const all = await this.#trials(sweep);
    const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since) - overlapMs;
    const changed = all.filter(
      ({ state, createdAt, startedAt, endedAt }) =>
        // Where live trials stand changes all the time, and that one waits again is written nowhere.
        isLive(state) || Math.max(createdAt, startedAt ?? 0, endedAt ?? 0) >= from,
    );
    const live = changed.filter(({ state, attempt }) => isLive(state) && attempt > 0);
    const last = await store.metrics.last(live.map((trial) => ({ run: trial.id, attempt: trial.attempt })));
    return sweepPointsView(engine.specs.of(sweep), changed, new Map(live.map((trial, index) => [trial.id, last[index]!])), now);
  }

  @Get('timeline')
  @Route({ summary: 'Every attempt in columns: which agent and slot ran it, and when', answer: timelineSchema })
  async timeline(@Param('id') id: string) {
    const { store, engine } = this.parts;
    const sweep = await engine.sweeps.find(id);
    const [now, trials, attempts] = await Promise.all([store.now(), this.#trials(sweep), store.attempts.ofSweep(sweep.id)]);
    const agents = await store.agents.findAll([...new Set(attempts.map(({ agent }) => agent))]);
    return sweepTimelineView(trials, attempts, agents, now);
  }

  @Get('slice')
  @Route({ summary: 'What the model of the results expects along one parameter, or over two, through the best trial', answer: sliceSchema })
  async slice(@Param('id') id: string, @Query({ schema: sliceQuery }) query: z.infer<typeof sliceQuery>) {
    const { engine } = this.parts;
    const sweep = await engine.sweeps.find(id);
    const { parameters } = engine.specs.of(sweep).space;
    const x = parameterNamed(parameters, query.x);
    const y = query.y === undefined ? null : parameterNamed(parameters, query.y);
    const points = query.points ?? (y === null ? usualCells.line : usualCells.grid);
    const cut = await engine.sampling.cut(sweep, { x: x.key, y: y?.key ?? null, points });
    const results = cut === null ? (await engine.sampling.insight(sweep)).results : 0;
    return sweepSliceView(cut, x, y, results);
  }

  @Get('curves')
  @Route({ summary: 'Metrics of many trials at once; packed when `application/octet-stream` is accepted', answer: curvesSchema })
  async curves(
    @Param('id') id: string,
    @Query({ schema: sweepCurvesQuery }) query: z.infer<typeof sweepCurvesQuery>,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { store, engine } = this.parts;
    const sweep = await engine.sweeps.find(id);
    const wanted = query.trials === undefined ? null : new Set(query.trials);
    const trials = (await this.#trials(sweep)).filter(({ number, attempt }) => attempt > 0 && (wanted === null || wanted.has(number)));
    const shown = new Map((await store.attempts.ofSweep(sweep.id)).filter(({ counted }) => counted).map((one) => [one.trial, one]));
    const streams = trials.map((trial) => {
      const counted = shown.get(trial.id);
      return { run: counted?.run ?? trial.id, attempt: counted?.number ?? trial.attempt };
    });
    const samples = samplesFor(query.samples ?? usualSamples, streams.length * query.keys.length);
    const found = await store.metrics.sample(streams, query.keys, samples);
    sendCurves(
      reply,
      accept,
      trials.map((trial, index) => ({ run: trial.id, ...found[index]! })),
    );
  }

  #trials(sweep: Sweep): Promise<readonly Trial[]> {
    return allPages((page) => this.parts.store.trials.list(sweep.id, {}, page));
  }
}

/** By its path joined with dots. @throws Invalid */
function parameterNamed(parameters: readonly Parameter[], name: string): Parameter {
  const found = parameters.find(({ path }) => path.join('.') === name);
  if (found !== undefined) return found;
  throw new Invalid(`the sweep has no parameter ${name}: it has ${parameters.map(({ path }) => path.join('.')).join(', ')}`);
}
