/** The whole object graph of the HTTP side, and the server that carries it. Everything else is built before and passed in. */
import 'reflect-metadata';
import { type DynamicModule, Module, StandardSchemaValidationPipe, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Bug } from '@sweep/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { guardRoutes } from './auth/access.guard.js';
import { guardAgainstPages } from './auth/browser.js';
import { Ownership } from './auth/ownership.js';
import { RequestLimits } from './auth/rate-limit.js';
import { Sessions, useCookies } from './auth/sessions.js';
import { AgentsController } from './http/agents.controller.js';
import { ArtifactsController } from './http/artifacts.controller.js';
import { CurvesController } from './http/curves.controller.js';
import { serveDashboard } from './http/dashboard.js';
import { Described, DocsController } from './http/docs.controller.js';
import { EventsController } from './http/events.controller.js';
import { FilesController } from './http/files.controller.js';
import { honourIdempotencyKeys } from './http/idempotency.js';
import { InstallController } from './http/install.controller.js';
import { readAndWriteJson } from './http/json.js';
import { KeysController } from './http/keys.controller.js';
import { MachinesController } from './http/machines.controller.js';
import { type HttpParts, Parts, RunViews, SignIn, SweepViews, TrialViews } from './http/parts.js';
import { invalidRequest, ProblemFilter, sendProblem } from './http/problems.filter.js';
import { ProjectsController } from './http/projects.controller.js';
import { RunPartsController } from './http/run-parts.controller.js';
import { RunTableController } from './http/run-table.controller.js';
import { RunsController } from './http/runs.controller.js';
import { ServerController } from './http/server.controller.js';
import { SessionController } from './http/session.controller.js';
import { SweepDataController } from './http/sweep-data.controller.js';
import { SweepTrialsController } from './http/sweep-trials.controller.js';
import { SweepsController } from './http/sweeps.controller.js';
import { TeamsController } from './http/teams.controller.js';
import { TrialsController } from './http/trials.controller.js';
import { ViewsController } from './http/views.controller.js';
import { WebhooksController } from './http/webhooks.controller.js';
import { RunReader } from './views/run-reader.js';
import { SweepReader } from './views/sweep-reader.js';
import { TrialReader } from './views/trial-reader.js';
import { Links } from './wandb/links.js';
import { serveWandb } from './wandb/routes.js';

const controllers: readonly Type[] = [
  SweepsController,
  SweepTrialsController,
  SweepDataController,
  CurvesController,
  MachinesController,
  TrialsController,
  FilesController,
  ProjectsController,
  RunsController,
  RunPartsController,
  ArtifactsController,
  RunTableController,
  ViewsController,
  AgentsController,
  KeysController,
  TeamsController,
  WebhooksController,
  SessionController,
  EventsController,
  ServerController,
  InstallController,
  DocsController,
];

export type { NestFastifyApplication };

@Module({})
class AppModule {
  static of(parts: HttpParts, sessions: Sessions): DynamicModule {
    const { store, engine, server } = parts;
    return {
      module: AppModule,
      controllers: [...controllers],
      providers: [
        { provide: Parts, useValue: parts },
        { provide: SweepViews, useValue: new SweepReader({ store, specs: engine.specs, publicUrl: server.url }) },
        { provide: TrialViews, useValue: new TrialReader({ store, specs: engine.specs, trials: engine.trials }) },
        { provide: RunViews, useValue: new RunReader(store) },
        { provide: SignIn, useValue: sessions },
        { provide: Described, useValue: controllers },
      ],
    };
  }
}

const secretBytes = 32;
/** Long enough for a name of 1,024 characters in base64. */
const longestPathComponent = 4_200;

/** What passes is for zod to say, and bodies are written by `readAndWriteJson`: Fastify's own compilers only took their time to load. */
const noSchemas = {
  compilersFactory: { buildValidator: () => refuseSchema, buildSerializer: () => refuseSchema },
};

function refuseSchema(): never {
  throw new Bug("a route has a JSON Schema in Fastify's form: give its parameters zod schemas");
}

/** The server, not listening yet. */
export async function createApp(parts: HttpParts): Promise<NestFastifyApplication> {
  const { store, log, tls, authenticator, clock, rateLimit } = parts;
  const sessions = new Sessions({ store, authenticator, publicUrl: parts.server.url });
  const adapter = new FastifyAdapter({
    ...(tls === null ? {} : { https: tls }),
    // Connections kept for a next request must not keep a closing server open.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: longestPathComponent },
    schemaController: noSchemas,
    skipMiddie: true,
    requestTimeout: 0,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => sendProblem(error, request, reply, log),
  });
  const server = adapter.getInstance();
  await useCookies(server);
  guardAgainstPages(server, parts.hosts, parts.server.url);
  const { openCalls } = parts.engine;
  const ownership = new Ownership({ store, ...parts.engine });
  guardRoutes(server, { authenticator, sessions, ownership, openCalls, clock, limits: rateLimit && new RequestLimits(rateLimit) });
  readAndWriteJson(server);
  honourIdempotencyKeys(server, clock);
  parts.telemetry.observe(server);
  const links = new Links({ publicUrl: parts.server.url, secret: await store.secret('links', secretBytes), clock });
  serveWandb(server, { ...parts, links });
  serveDashboard(server, parts.dashboard);

  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts, sessions), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  // Without this pipe the schemas at the parameters only document.
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest }));
  app.useGlobalFilters(new ProblemFilter(log));
  return app;
}
