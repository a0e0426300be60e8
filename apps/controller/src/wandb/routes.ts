/**
 * The addresses that W&B's clients call: GraphQL, file_stream, files by signed links, and what must answer 404.
 *
 * Registered on the server itself, since bodies are read here as bytes: packed ones, large ones, and files that are streamed to disk.
 * The gate covers them as it covers every route. `/ready` is server.controller.ts.
 */
import type { Readable } from 'node:stream';
import { blobHash, NotFound, projectId, runId, Unauthenticated } from '@sweep/domain';
import { Executor, type GraphqlAnswer, normalFileName } from '@sweep/wandb';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouteSettings } from '../http/route-settings.js';
import { contentAtPath, contentOfEntity, takeContent, takeManifest } from './artifacts/addresses.js';
import { jsonFrom, mostBodyBytes, readBody } from './body.js';
import { sendBlob } from './files/download.js';
import { takeFile } from './files/upload.js';
import { withNodes } from './graph.js';
import { fromUrl } from './links.js';
import type { WandbContext, WandbParts } from './parts.js';
import { resolversOf } from './resolvers.js';
import { type StreamPath, takeStream } from './runs/file-stream.js';
import { Scope } from './scope.js';

type Asked<Params> = FastifyRequest<{ Params: Params }>;

const forPrograms = (summary: string): { readonly sweep: RouteSettings } => ({
  sweep: { access: 'program', summary, graphqlErrors: true },
});
/** The link is the permission. */
const bySignature = (summary: string): { readonly sweep: RouteSettings } => ({ sweep: { access: 'public', summary, graphqlErrors: true } });

export function serveWandb(server: FastifyInstance, given: Omit<WandbParts, 'nodes'>): void {
  const parts = withNodes(given);
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', async (_request: unknown, body: unknown) => body);
    graphql(scope, parts);
    streams(scope, parts);
    storage(scope, parts);
    artifacts(scope, parts);
    neverThere(scope);
  });
}

function graphql(server: FastifyInstance, parts: WandbParts): void {
  const executor = new Executor<WandbContext>({
    resolvers: resolversOf(parts),
    onUnknown: (report, { userAgent }) =>
      parts.log.info({ ...report, userAgent }, "a W&B client asked for names that this server's schema lacks"),
  });
  server.post('/graphql', { config: forPrograms('GraphQL of W&B clients'), bodyLimit: mostBodyBytes }, async (request, reply) => {
    const body = await readBody(bodyOf(request), request.headers);
    const asked = jsonFrom(body);
    send(reply, await executor.execute(asked, { ...contextOf(parts, request), operation: operationOf(asked) }));
    return reply;
  });
}

function send(reply: FastifyReply, { status, body, retryAfterSeconds }: GraphqlAnswer): void {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))));
  reply.code(status).type('application/json').serializer(String).send(body);
}

function streams(server: FastifyInstance, parts: WandbParts): void {
  const { sweep: settings } = forPrograms('Lines of a run, as W&B clients send them');
  const stream = { config: { sweep: { ...settings, streamsRun: true } }, bodyLimit: mostBodyBytes };
  server.post('/files/:entity/:project/:run/file_stream', stream, async (request: Asked<StreamPath>) => {
    const body = await readBody(bodyOf(request), request.headers);
    return takeStream(parts, request.params, body, contextOf(parts, request));
  });
  const file = { config: forPrograms('A file of a run, as a download') };
  server.get('/files/:entity/:project/:run/*', file, async (request: Asked<StreamPath & { '*': string }>, reply) => {
    const { entity, project: name, run, '*': path } = request.params;
    const project = await contextOf(parts, request).scope.project(entity, name);
    const record = project === null ? null : await parts.store.runs.recordByHandle(project.id, run);
    const found =
      record === null || record.deletedAt !== null ? null : await parts.store.files.find(record.id, 'client', normalFileName(path) ?? '');
    if (found === null) throw new NotFound(`there is no file ${path} of run ${entity}/${name}/${run}`);
    await sendBlob(parts.blobs, request, reply, { blob: blobHash(found.blob), name: found.path.split('/').at(-1)! });
    return reply;
  });
}

function storage(server: FastifyInstance, parts: WandbParts): void {
  const admit = (request: FastifyRequest): void => {
    if (!parts.links.admits(request.raw.url ?? ''))
      throw new Unauthenticated('this link is not ours, was changed or is too old: ask for the file again');
  };
  server.put(
    '/storage/runs/:run/:path',
    { config: bySignature('A file of a run, by a signed link') },
    async (request: Asked<{ run: string; path: string }>) => {
      admit(request);
      const md5 = request.headers['content-md5'];
      const target = { run: runId(request.params.run), path: fromUrl(request.params.path), md5: typeof md5 === 'string' ? md5 : null };
      await takeFile(parts, target, bodyOf(request));
      return {};
    },
  );
  server.put(
    '/storage/contents/:project/:md5',
    { config: bySignature('A file of artifacts, by a signed link') },
    async (request: Asked<{ project: string; md5: string }>) => {
      admit(request);
      await takeContent(parts, projectId(request.params.project), fromUrl(request.params.md5), bodyOf(request));
      return {};
    },
  );
  server.put(
    '/storage/manifests/:id',
    { config: bySignature('The manifest of an artifact, by a signed link') },
    async (request: Asked<{ id: string }>) => {
      admit(request);
      await takeManifest(parts, request.params.id, bodyOf(request));
      return {};
    },
  );
  server.get(
    '/storage/blobs/:blob/:name/:shown',
    { config: bySignature('A file, by a signed link') },
    async (request: Asked<{ blob: string; name: string }>, reply) => {
      admit(request);
      await sendBlob(parts.blobs, request, reply, { blob: blobHash(request.params.blob), name: fromUrl(request.params.name) });
      return reply;
    },
  );
  // Pages of other origins may fetch by a link that they were given.
  for (const path of ['/storage/*', '/files/*']) {
    server.options(path, { config: bySignature('What other origins may do') }, async (_request, reply) => {
      allowOrigins(reply);
      return reply.code(204).send();
    });
  }
}

/** Where clients look for a file of an artifact that they have no link for. */
function artifacts(server: FastifyInstance, parts: WandbParts): void {
  const file = { config: forPrograms('A file of an artifact, as a download') };
  server.get('/artifactsV2/:region/*', file, async (request: Asked<{ '*': string }>, reply) => {
    const found = await contentAtPath(parts, request.params['*'], contextOf(parts, request));
    await sendBlob(parts.blobs, request, reply, found);
    return reply;
  });
  server.get('/artifacts/:entity/:md5', file, async (request: Asked<{ entity: string; md5: string }>, reply) => {
    const { blob } = await contentOfEntity(parts, request.params, contextOf(parts, request));
    await sendBlob(parts.blobs, request, reply, { blob, name: request.params.md5 });
    return reply;
  });
}

function allowOrigins(reply: FastifyReply): void {
  reply.headers({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, PUT, OPTIONS',
    'access-control-allow-headers': '*',
    'access-control-max-age': '86400',
  });
}

/** Clients send measurements of themselves wherever this is answered by anything but 404. */
function neverThere(server: FastifyInstance): void {
  server.post('/sdk/otel/v1/*', { config: bySignature('Takes no telemetry: always 404') }, async () => {
    throw new NotFound('this server takes no telemetry of clients');
  });
}

/** A request without a content type has a body that nobody read. */
const bodyOf = ({ body, raw }: FastifyRequest): Readable => (body as Readable | null | undefined) ?? raw;

/** As the document names it: W&B's clients send no other name. */
function operationOf(asked: unknown): string | null {
  const { query } = (asked ?? {}) as { readonly query?: unknown };
  return typeof query === 'string' ? (/\b(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? null) : null;
}

function contextOf({ store }: WandbParts, { caller, headers }: FastifyRequest): WandbContext {
  if (caller === null) throw new Unauthenticated('this needs an API key');
  return { caller, scope: new Scope(store, caller), userAgent: headers['user-agent'] ?? '', operation: null };
}
