/** Routes of files: a trial's, its artifacts, and blobs by their content. What people uploaded is only ever given as a download. */
import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Inject, Param, Put, Query, Res } from '@nestjs/common';
import { fileView as fileSchema, listOf, runArtifactView as runArtifactSchema } from '@sweep/api';
import { blobHash, Invalid, NotFound } from '@sweep/domain';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { artifactsOfRun } from '../views/artifact-reader.js';
import { wholeList } from '../views/paging.js';
import { fileView } from '../views/record-views.js';
import { anyBytes, downloadHeaders } from './download.js';
import { type HttpParts, Parts } from './parts.js';
import { blobHashParam, fileQuery, filesQuery } from './queries.js';
import { Route } from './route-settings.js';

/** Of one uploaded file. */
const mostBlobBytes = 16 * 1024 ** 3;
const storedView = z.object({ hash: z.string(), size: z.number().int() }).meta({ id: 'Stored' });

@Controller('api/v1')
export class FilesController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('trials/:id/files')
  @Route({ summary: 'Files of a trial', answer: listOf(fileSchema) })
  async list(@Param('id') id: string, @Query({ schema: filesQuery }) query: z.infer<typeof filesQuery>) {
    const trial = await this.parts.engine.trials.find(id);
    return wholeList((await this.parts.store.files.list(trial.id, query.kind ?? null)).map(fileView));
  }

  @Get('trials/:id/files/content')
  @Route({ summary: 'One file of a trial, as a download', produces: anyBytes })
  async content(
    @Param('id') id: string,
    @Query({ schema: fileQuery }) query: z.infer<typeof fileQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const trial = await this.parts.engine.trials.find(id);
    const files = await this.parts.store.files.list(trial.id, query.kind ?? null);
    const file = files.find(({ path }) => path === query.path);
    if (file === undefined) throw new NotFound(`trial ${trial.number} has no file ${query.path}`);
    const { stream, size } = await this.parts.blobs.open(file.blob);
    sendDownload(reply, { stream, size, name: file.path.split('/').at(-1)! });
  }

  @Get('trials/:id/artifacts')
  @Route({ summary: 'Artifacts that a trial made and used', answer: listOf(runArtifactSchema) })
  async artifacts(@Param('id') id: string) {
    const trial = await this.parts.engine.trials.find(id);
    return wholeList(await artifactsOfRun(this.parts.store, trial.id));
  }

  @Put('blobs/:hash')
  @HttpCode(200)
  @Route({ summary: 'Store bytes under their SHA-256', answer: storedView })
  async put(@Param('hash', { schema: blobHashParam }) hash: string, @Body() content: Readable | undefined) {
    if (typeof content?.pipe !== 'function') throw new Invalid(`send the bytes as ${anyBytes}`);
    const { size } = await this.parts.blobs.put(content, { expected: blobHash(hash), maxBytes: mostBlobBytes });
    return { hash, size };
  }

  @Get('blobs/:hash')
  @Route({ summary: 'Bytes by their SHA-256, as a download', produces: anyBytes })
  async get(@Param('hash', { schema: blobHashParam }) hash: string, @Res() reply: FastifyReply): Promise<void> {
    const { stream, size } = await this.parts.blobs.open(blobHash(hash));
    sendDownload(reply, { stream, size, name: hash });
  }
}

function sendDownload(reply: FastifyReply, file: { readonly stream: Readable; readonly size: number; readonly name: string }): void {
  reply.headers(downloadHeaders(file.name)).header('content-length', file.size).send(file.stream);
}
