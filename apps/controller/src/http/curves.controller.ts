/** The route of curves of several runs, and how curves are sent: as JSON, or packed for readers that draw thousands of points. */
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { curvesView as curvesSchema } from '@sweep/api';
import { NotFound, runId } from '@sweep/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { curvesView, packCurves, type RunCurves } from '../views/metrics-view.js';
import { type RunReader, shownAttempt } from '../views/run-reader.js';
import { type HttpParts, Parts, RunViews } from './parts.js';
import { curvesQuery } from './queries.js';
import { Route } from './route-settings.js';

const packed = 'application/octet-stream';
const usualSamples = 500;

@Controller('api/v1/curves')
export class CurvesController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(RunViews) private readonly views: RunReader,
  ) {}

  @Get()
  @Route({ summary: 'Metrics of several runs at once; packed when `application/octet-stream` is accepted', answer: curvesSchema })
  async curves(
    @Query({ schema: curvesQuery }) query: z.infer<typeof curvesQuery>,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const records = await this.views.records(query.runs.map(runId));
    const missing = query.runs.find((id) => !records.some((record) => record.id === id));
    if (missing !== undefined) throw new NotFound(`there is no run ${missing}`);
    const streams = records.map((record) => ({ run: record.id, attempt: shownAttempt(record) }));
    const found = await this.parts.store.metrics.sample(streams, query.keys, query.samples ?? usualSamples);
    sendCurves(
      reply,
      accept,
      records.map(({ id }, index) => ({ run: id, ...found[index]! })),
    );
  }
}

export function sendCurves(reply: FastifyReply, accept: string | undefined, curves: readonly RunCurves[]): void {
  sendEither(reply, accept, { packed: () => packCurves(curves), json: () => curvesView(curves) });
}

/** Packed for who asks for that. */
export function sendEither(
  reply: FastifyReply,
  accept: string | undefined,
  forms: { readonly packed: () => Buffer; readonly json: () => object },
): void {
  reply.header('vary', 'accept');
  if (accept?.includes(packed) === true) reply.type(packed).send(forms.packed());
  else reply.send(forms.json());
}
