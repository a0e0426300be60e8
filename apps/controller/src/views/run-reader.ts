/** Finds runs as people name them, and reads what their views need beside their rows: a fixed number of queries for a page. */
import type { RunView } from '@sweep/api';
import { NotFound, type ProjectId, type RunId, runId } from '@sweep/domain';
import type { LastValue, Project, RunRecord, Store } from '@sweep/store';
import { runView } from './run-view.js';

export class RunReader {
  constructor(private readonly store: Store) {}

  /** By id, or as ENTITY/PROJECT/HANDLE. @throws NotFound, also when it was deleted */
  async find(reference: string): Promise<RunRecord> {
    const [entity, project, handle] = reference.split('/');
    const record = handle === undefined ? await this.store.runs.record(runId(reference)) : await this.#named(entity!, project!, handle);
    if (record === null || record.deletedAt !== null) throw new NotFound(`there is no run ${reference}`);
    return record;
  }

  /** `NAME` is one of the caller's own. */
  async project(path: string, entity: string): Promise<Project | null> {
    const names = path.split('/');
    return await this.store.projects.find(names.length === 2 ? names[0]! : entity, names.at(-1)!);
  }

  /** @param columns only these of config and summary; null: everything */
  async views(records: readonly RunRecord[], columns: readonly string[] | null): Promise<readonly RunView[]> {
    const [paths, users, last, now] = await Promise.all([
      this.projectPaths(records.map(({ project }) => project)),
      this.userNames(),
      columns?.length === 0 ? [] : this.last(records),
      this.store.now(),
    ]);
    return records.map((record, index) =>
      runView(record, {
        project: paths.get(record.project) ?? '',
        user: record.user === null ? null : (users.get(record.user) ?? null),
        last: last[index] ?? [],
        now,
        columns,
      }),
    );
  }

  last(records: readonly RunRecord[]): Promise<readonly (readonly LastValue[])[]> {
    return this.store.metrics.last(records.map((record) => ({ run: record.id, attempt: shownAttempt(record) })));
  }

  async projectPaths(ids: readonly ProjectId[]): Promise<ReadonlyMap<ProjectId, string>> {
    const found = await Promise.all([...new Set(ids)].map((id) => this.store.projects.findById(id)));
    return new Map(found.filter((project) => project !== null).map(({ id, entity, name }) => [id, `${entity}/${name}`]));
  }

  async userNames(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.store.keys.listUsers()).map(({ id, name }) => [id, name]));
  }

  /** Those that exist and are not deleted. */
  async records(ids: readonly RunId[]): Promise<readonly RunRecord[]> {
    return runRecords(this.store, ids);
  }

  async #named(entity: string, name: string, handle: string): Promise<RunRecord | null> {
    const project = await this.store.projects.find(entity, name);
    return project === null ? null : await this.store.runs.recordByHandle(project.id, handle);
  }
}

/** The attempt whose points and lines are shown. */
export const shownAttempt = ({ trialAttempt, attempt }: RunRecord): number => trialAttempt ?? attempt;

/** Those that exist and are not deleted, in the order of the ids. */
export async function runRecords({ runs }: Pick<Store, 'runs'>, ids: readonly RunId[]): Promise<readonly RunRecord[]> {
  const filter = { op: 'in', field: { kind: 'column', column: 'id' }, values: ids } as const;
  const { items } = await runs.query({ project: null, filter, orders: [] }, { start: 0, limit: ids.length });
  const byId = new Map(items.map((record) => [record.id, record]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
