/** Routes about this server: what it is, whether it lives, whether it can work, and its series. */
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { serverView } from '@sweep/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isoTime } from '../views/time.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

const healthView = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@Controller()
export class ServerController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('api/v1/server')
  @Route({ access: 'agent', admitsJoinTokens: true, summary: 'What this server is and where agents dial', answer: serverView })
  async server(@Req() { caller }: FastifyRequest) {
    const { server, dispatch } = this.parts;
    const { backend, warnings } = await dispatch.inspect();
    return {
      version: server.version,
      url: server.url(),
      grpcUrl: server.grpcUrl(),
      fingerprint: server.fingerprint,
      pin: server.pin,
      database: server.database,
      queue: backend,
      queueWarnings: warnings,
      user: caller?.user.name ?? null,
      startedAt: isoTime(server.startedAt),
    };
  }

  @Get('healthz')
  @Route({ access: 'public', summary: 'Whether the process answers', answer: healthView })
  healthz() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Route({ access: 'public', summary: 'Whether database and queue answer', answer: healthView })
  async ready() {
    await Promise.all([this.parts.store.ping(), this.parts.dispatch.ping()]);
    return { status: 'ok' };
  }

  @Get('metrics')
  @Route({ summary: 'Prometheus series', produces: 'text/plain' })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const { registry } = this.parts.telemetry;
    reply.type(registry.contentType).send(await registry.metrics());
  }
}
