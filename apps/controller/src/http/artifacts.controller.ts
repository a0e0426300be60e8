/** Routes of artifacts: the names of a project, and each version by its id or as ENTITY/PROJECT/NAME:VERSION. */
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import {
  artifactView as artifactSchema,
  artifactCollectionView as collectionSchema,
  artifactFileView as fileSchema,
  listOf,
} from '@sweep/api';
import { NotFound } from '@sweep/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { artifactCollections, artifactFiles, artifactView, findArtifact } from '../views/artifact-reader.js';
import { wholeList } from '../views/paging.js';
import type { RunReader } from '../views/run-reader.js';
import { anyBytes, downloadHeaders } from './download.js';
import { type HttpParts, Parts, RunViews } from './parts.js';
import { artifactFileQuery, artifactsQuery } from './queries.js';
import { sendRanged } from './ranged.js';
import { Route } from './route-settings.js';
import { shownHeaders } from './shown-file.js';

@Controller('api/v1/artifacts')
export class ArtifactsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(RunViews) private readonly views: RunReader,
  ) {}

  @Get()
  @Route({ summary: 'Artifacts of a project: one entry for all versions of a name', answer: listOf(collectionSchema) })
  async list(@Query({ schema: artifactsQuery }) { project: path }: z.infer<typeof artifactsQuery>, @CallerOf() { user }: Caller) {
    const project = await this.views.project(path, user.name);
    return wholeList(project === null ? [] : await artifactCollections(this.parts.store, project.id));
  }

  @Get(':id')
  @Route({ summary: 'One version of an artifact, with the others of its name', answer: artifactSchema })
  async find(@Param('id') id: string) {
    return artifactView(this.parts.store, this.views, await findArtifact(this.parts.store, id));
  }

  @Get(':id/files')
  @Route({ summary: 'Files of a version of an artifact: the first 10,000 by path, and how many there are', answer: listOf(fileSchema) })
  async files(@Param('id') id: string) {
    return artifactFiles(this.parts.store, await findArtifact(this.parts.store, id));
  }

  @Get(':id/files/content')
  @Route({ summary: 'One file of a version of an artifact: as a download, or with `show` as a browser may show it', produces: anyBytes })
  async content(
    @Param('id') id: string,
    @Query({ schema: artifactFileQuery }) { path, show }: z.infer<typeof artifactFileQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const version = await findArtifact(this.parts.store, id);
    const [file] = await this.parts.store.artifacts.files(version.id, { start: 0, limit: 1 }, [path]);
    if (file === undefined) throw new NotFound(`artifact ${id} has no file ${path}`);
    if (file.blob === null) throw new NotFound(`${path} is kept elsewhere, and not here: ${file.reference ?? 'nobody knows where'}`);
    const name = path.split('/').at(-1)!;
    const headers = show === true ? shownHeaders(name) : downloadHeaders(name);
    await sendRanged(this.parts.blobs, request, reply, { blob: file.blob, headers });
  }
}
