/** Routes of artifacts, version by version. */
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { artifactView as artifactSchema, artifactFileView as fileSchema, listOf } from '@sweep/api';
import { artifactFiles, artifactView } from '../views/artifact-reader.js';
import { wholeList } from '../views/paging.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

@Controller('api/v1/artifacts/:id')
export class ArtifactsController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get()
  @Route({ summary: 'One version of an artifact, with the others of its name', answer: artifactSchema })
  async find(@Param('id') id: string) {
    return artifactView(this.parts.store, id);
  }

  @Get('files')
  @Route({ summary: 'Files of a version of an artifact', answer: listOf(fileSchema) })
  async files(@Param('id') id: string) {
    return wholeList(await artifactFiles(this.parts.store, id));
  }
}
