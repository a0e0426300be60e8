/** Routes of saved views: everybody may use them, who made one may change it. */
import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { changeViewBody, createViewBody, listOf, savedView } from '@sweep/api';
import { Forbidden, NotFound, type ProjectId, randomId } from '@sweep/domain';
import type { SavedView } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { wholeList } from '../views/paging.js';
import type { RunReader } from '../views/run-reader.js';
import { savedViewShown } from '../views/run-view.js';
import { type HttpParts, Parts, RunViews } from './parts.js';
import { viewsQuery } from './queries.js';
import { Route } from './route-settings.js';

@Controller('api/v1/views')
export class ViewsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(RunViews) private readonly runs: RunReader,
  ) {}

  @Get()
  @Route({ summary: 'Saved views of a project, by name', answer: listOf(savedView) })
  async list(@Query({ schema: viewsQuery }) query: z.infer<typeof viewsQuery>, @CallerOf() { user }: Caller) {
    const project = await this.runs.project(query.project, user.name);
    const views = project === null ? [] : await this.parts.store.views.list(project.id, query.page ?? null);
    return wholeList(await this.#shown(views));
  }

  @Post()
  @Route({ summary: 'Save a view', answer: savedView, status: 201, creates: true })
  async create(@Body({ schema: createViewBody }) body: z.infer<typeof createViewBody>, @CallerOf() { user }: Caller) {
    const project = await this.runs.project(body.project, user.name);
    if (project === null) throw new NotFound(`there is no project ${body.project}`);
    const id = randomId(8, randomBytes);
    const state = JSON.stringify(body.state);
    const view = await this.parts.store.views.create({ id, project: project.id, page: body.page, name: body.name, state, user: user.id });
    return this.#one(view);
  }

  @Put(':id')
  @Route({ summary: 'Rename a saved view, or save another state', answer: savedView })
  async change(
    @Param('id') id: string,
    @Body({ schema: changeViewBody }) body: z.infer<typeof changeViewBody>,
    @CallerOf() caller: Caller,
  ) {
    await this.#own(id, caller);
    const change = {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.state === undefined ? {} : { state: JSON.stringify(body.state) }),
    };
    const changed = await this.parts.store.views.change(id, change);
    if (changed === null) throw new NotFound(`there is no view ${id}`);
    return this.#one(changed);
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({ summary: 'Forget a saved view', status: 204 })
  async remove(@Param('id') id: string, @CallerOf() caller: Caller): Promise<void> {
    await this.#own(id, caller);
    await this.parts.store.views.remove(id);
  }

  async #own(id: string, { user, key }: Caller): Promise<void> {
    const view = await this.parts.store.views.find(id);
    if (view === null) throw new NotFound(`there is no view ${id}`);
    const may = view.user === user.id || (user.admin && key.scope === 'admin');
    if (!may) throw new Forbidden(`the view "${view.name}" is somebody else's: save one of your own`);
  }

  async #one(view: SavedView) {
    const [shown] = await this.#shown([view]);
    return shown!;
  }

  async #shown(views: readonly SavedView[]) {
    const paths: ReadonlyMap<ProjectId, string> = await this.runs.projectPaths(views.map(({ project }) => project));
    const users = await this.runs.userNames();
    return views.map((view) => savedViewShown(view, paths.get(view.project) ?? '', users.get(view.user) ?? ''));
  }
}
