/** The route of events: what happens, as it happens. */
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { eventStream } from '../live/event-stream.js';
import { type HttpParts, Parts } from './parts.js';
import { eventsQuery } from './queries.js';
import { Route } from './route-settings.js';

const eventStreamType = 'text/event-stream; charset=utf-8';

@Controller('api/v1/events')
export class EventsController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get()
  @Route({
    summary: 'Server-sent events after `Last-Event-ID` or `since` (0: all that are kept), else from now on',
    produces: 'text/event-stream',
  })
  async watch(
    @Query({ schema: eventsQuery }) query: z.infer<typeof eventsQuery>,
    @Headers('last-event-id') lastSeen: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (reply.request.method === 'HEAD') {
      // There is no end to wait for.
      reply.type(eventStreamType).send();
      return;
    }
    const { feed, clock, closing } = this.parts;
    // A browser that reconnects repeats its first address: what it saw last outranks what that address says.
    const stream = await eventStream({ feed, clock, closing, since: lastSeen ?? query.since ?? null });
    // Proxies must hand each event on at once.
    reply.type(eventStreamType).header('cache-control', 'no-cache, no-transform').header('x-accel-buffering', 'no').send(stream);
  }
}
