/** Routes of projects. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { listOf, projectView as projectSchema } from '@sweep/api';
import type { z } from 'zod';
import { mapPage } from '../views/paging.js';
import { projectView } from '../views/record-views.js';
import { type HttpParts, Parts } from './parts.js';
import { pageOf, pageQuery } from './queries.js';
import { Route } from './route-settings.js';

@Controller('api/v1/projects')
export class ProjectsController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get()
  @Route({ summary: 'Projects', answer: listOf(projectSchema) })
  async list(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>) {
    return mapPage(await this.parts.store.projects.list(pageOf(query)), (projects) => projects.map(projectView));
  }
}
