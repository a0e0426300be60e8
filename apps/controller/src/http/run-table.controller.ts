/** Routes of tables of runs: what columns there are, groups, and what is done to the runs that were selected. */
import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  doneRunsView,
  editedRunsView,
  editRunsBody,
  listOf,
  runGroupView as runGroupSchema,
  runKeyView as runKeySchema,
  runsBody,
} from '@sweep/api';
import { Conflict, Forbidden, type ProjectId, type RunId, runId } from '@sweep/domain';
import type { RunRecord, User } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { mayWrite } from '../auth/ownership.js';
import { applyEdit, undoOf } from '../runs/edits.js';
import { wholeList } from '../views/paging.js';
import { fieldNamed, filterIn } from '../views/run-names.js';
import type { RunReader } from '../views/run-reader.js';
import { goesOn, runGroupView, runKeyView } from '../views/run-view.js';
import { type HttpParts, Parts, RunViews } from './parts.js';
import { runGroupsQuery, runKeysQuery } from './queries.js';
import { Route } from './route-settings.js';

/** Names of columns hardly change from run to run: the newest tell. */
const runsForKeys = 1_000;
/** Stopped at once: each is a few queries. */
const stopsAtOnce = 8;

const foreign = 'it belongs to somebody else: you may read it, not change it';

type Done = z.infer<typeof doneRunsView>;

@Controller('api/v1/runs')
export class RunTableController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(RunViews) private readonly views: RunReader,
  ) {}

  @Get('keys')
  @Route({ summary: 'What the newest runs hold: the columns of a table', answer: listOf(runKeySchema) })
  async keys(@Query({ schema: runKeysQuery }) query: z.infer<typeof runKeysQuery>, @CallerOf() caller: Caller) {
    const found = await this.#selection(query, caller);
    return wholeList(found === null ? [] : (await this.parts.store.runs.keys(found, runsForKeys)).map(runKeyView));
  }

  @Get('groups')
  @Route({ summary: 'Runs grouped by values, the most frequent first, with what columns come to', answer: listOf(runGroupSchema) })
  async groups(@Query({ schema: runGroupsQuery }) query: z.infer<typeof runGroupsQuery>, @CallerOf() caller: Caller) {
    const { by, columns = [] } = query;
    const found = await this.#selection(query, caller);
    if (found === null) return wholeList([]);
    const groups = await this.parts.store.runs.groups(found, by.map(fieldNamed), columns.map(fieldNamed));
    return wholeList(groups.map((group) => runGroupView(group, by, columns)));
  }

  @Post('edit')
  @HttpCode(200)
  @Route({ summary: 'Tag, name and group runs; the answer holds what takes it back', answer: editedRunsView })
  async edit(@Body({ schema: editRunsBody }) { changes }: z.infer<typeof editRunsBody>, @CallerOf() caller: Caller) {
    const wanted = new Map(changes.map((change) => [runId(change.id), change]));
    const { others } = await this.#divide([...wanted.keys()], caller);
    if (others.length > 0) throw new Forbidden(`run ${others[0]} belongs to somebody else: you may read it, not change it`);
    const before = await this.parts.store.runs.changeAll([...wanted.keys()], (record) => applyEdit(record, wanted.get(record.id)!));
    const undo = before.map((record) => undoOf(record, wanted.get(record.id)!)).filter((one) => one !== null);
    return { changed: undo.length, undo: undo.length === 0 ? null : { changes: undo } };
  }

  @Post('delete')
  @HttpCode(200)
  @Route({ summary: 'Delete runs that are over; `restore` takes it back', answer: doneRunsView })
  async delete(@Body({ schema: runsBody }) body: z.infer<typeof runsBody>, @CallerOf() caller: Caller): Promise<Done> {
    const { found, refused } = await this.#found(body.ids, caller);
    const live = found.filter(goesOn);
    const over = found.filter((record) => !goesOn(record));
    const done = await this.parts.store.runs.remove(over.map(({ id }) => id));
    return { done: [...done], refused: [...refused, ...live.map(({ id }) => ({ id, reason: 'it goes on: stop it first' }))] };
  }

  @Post('restore')
  @HttpCode(200)
  @Route({ summary: 'Bring back deleted runs', answer: doneRunsView })
  async restore(@Body({ schema: runsBody }) body: z.infer<typeof runsBody>, @CallerOf() caller: Caller): Promise<Done> {
    const { own, others } = await this.#divide(body.ids.map(runId), caller);
    const done = await this.parts.store.runs.restore(own);
    const known = new Set<string>([...done, ...others]);
    const missing = body.ids.filter((id) => !known.has(id)).map((id) => ({ id, reason: 'no such run is deleted' }));
    return { done: [...done], refused: [...missing, ...others.map((id) => ({ id, reason: foreign }))] };
  }

  @Post('stop')
  @HttpCode(200)
  @Route({ summary: 'Ask runs to stop: trials are cancelled, programs on their own are told when they next report', answer: doneRunsView })
  async stop(@Body({ schema: runsBody }) body: z.infer<typeof runsBody>, @CallerOf() caller: Caller): Promise<Done> {
    const { found, refused } = await this.#found(body.ids, caller);
    const done: string[] = [];
    for (let from = 0; from < found.length; from += stopsAtOnce) {
      const some = found.slice(from, from + stopsAtOnce);
      const answers = await Promise.all(some.map((record) => this.#stop(record, `stopped by ${caller.user.name}`)));
      for (const [index, reason] of answers.entries()) {
        if (reason === null) done.push(some[index]!.id);
        else refused.push({ id: some[index]!.id, reason });
      }
    }
    return { done, refused };
  }

  /** Null: it was asked to; else why not. */
  async #stop(record: RunRecord, reason: string): Promise<string | null> {
    if (!goesOn(record)) return 'it is over';
    if (record.trial === null) {
      await this.parts.store.runs.change(record.id, () => ({ stopRequested: true }));
      return null;
    }
    try {
      const { trials } = this.parts.engine;
      await trials.cancel(await trials.find(record.trial), reason);
      return null;
    } catch (error) {
      if (error instanceof Conflict) return error.message;
      throw error;
    }
  }

  async #found(
    ids: readonly string[],
    caller: Caller,
  ): Promise<{ readonly found: readonly RunRecord[]; readonly refused: Done['refused'] }> {
    const { own, others } = await this.#divide([...new Set(ids)].map(runId), caller);
    const found = await this.views.records(own);
    const known = new Set(found.map(({ id }) => id));
    const missing = own.filter((id) => !known.has(id)).map((id) => ({ id, reason: 'there is no such run' }));
    return { found, refused: [...missing, ...others.map((id) => ({ id, reason: foreign }))] };
  }

  async #mayWrite(user: User, project: ProjectId): Promise<boolean> {
    const { store } = this.parts;
    return mayWrite(store, user, (await store.projects.findById(project))?.entity ?? '');
  }

  /** Runs that the caller may change, those that are not there included, and those of others. */
  async #divide(ids: readonly RunId[], { user }: Caller): Promise<{ readonly own: readonly RunId[]; readonly others: readonly RunId[] }> {
    const projects = user.admin ? new Map<RunId, ProjectId>() : await this.parts.store.runs.projectsOf(ids);
    const foreignProjects = new Set<ProjectId>();
    for (const project of new Set(projects.values())) if (!(await this.#mayWrite(user, project))) foreignProjects.add(project);
    const isForeign = (id: RunId): boolean => foreignProjects.has(projects.get(id)!);
    return { own: ids.filter((id) => !isForeign(id)), others: ids.filter(isForeign) };
  }

  /** Null: there is no such project, and no run. */
  async #selection({ project, where }: z.infer<typeof runKeysQuery>, { user }: Caller) {
    const filter = where === undefined ? null : filterIn(where);
    if (project === undefined) return { project: null, filter };
    const found = await this.views.project(project, user.name);
    return found === null ? null : { project: found.id, filter };
  }
}
