/** Projects, files and decisions of the twin. */
import { randomBytes } from 'node:crypto';
import {
  type BlobHash,
  Bug,
  type Decision,
  type ProjectId,
  projectId,
  type RunId,
  randomId,
  type SweepId,
  type TrialId,
} from '@sweep/domain';
import { pageOf, readCursor } from '../paging.js';
import type { DecisionStore, FileStore, Page, PageRequest, Project, ProjectStore, RunFile } from '../store.js';
import { compareBy } from './order.js';
import type { MemoryState } from './state.js';

export class MemoryProjects implements ProjectStore {
  constructor(private readonly state: MemoryState) {}

  async ensure(entity: string, name: string): Promise<Project> {
    const existing = this.#named(entity, name);
    if (existing !== undefined) return { ...existing };
    const project = {
      id: projectId(randomId(8, randomBytes)),
      entity,
      name,
      number: this.state.projects.size + 1,
      createdAt: this.state.now(),
      access: 'PRIVATE',
      description: null,
    };
    this.state.projects.set(project.id, project);
    return { ...project };
  }

  async find(entity: string, name: string): Promise<Project | null> {
    const found = this.#named(entity, name);
    return found === undefined ? null : { ...found };
  }

  async findById(id: ProjectId): Promise<Project | null> {
    const found = this.state.projects.get(id);
    return found === undefined ? null : { ...found };
  }

  async change(id: ProjectId, change: Partial<Pick<Project, 'access' | 'description'>>): Promise<Project | null> {
    const known = this.state.projects.get(id);
    if (known === undefined) return null;
    this.state.projects.set(id, { ...known, ...change });
    return this.findById(id);
  }

  async ofEntity(entity: string): Promise<readonly Project[]> {
    return [...this.state.projects.values()]
      .filter((project) => project.entity === entity)
      .sort(compareBy(({ name }) => [name]))
      .map((project) => ({ ...project }));
  }

  async list({ limit, cursor }: PageRequest): Promise<Page<Project & { readonly sweeps: number; readonly runs: number }>> {
    const after = readCursor(cursor, ['', '']);
    const key = (project: Project): readonly [string, string] => [project.entity, project.name];
    const all = [...this.state.projects.values()].sort(compareBy(key));
    const rest = after === null ? all : all.filter((project) => compareBy<readonly [string, string]>((k) => k)(key(project), after) > 0);
    const counted = rest.map((project) => ({
      ...project,
      sweeps: [...this.state.sweeps.values()].filter(({ sweep, deletedAt }) => sweep.project === project.id && deletedAt === null).length,
      runs: [...this.state.runs.values()].filter((run) => run.project === project.id && run.deletedAt === null).length,
    }));
    return pageOf(counted, limit, all.length, key);
  }

  #named(entity: string, name: string): Project | undefined {
    return [...this.state.projects.values()].find((project) => project.entity === entity && project.name === name);
  }
}

export class MemoryFiles implements FileStore {
  constructor(private readonly state: MemoryState) {}

  async put(file: Omit<RunFile, 'at'>): Promise<void> {
    const key = JSON.stringify([file.run, file.kind, file.path]);
    const before = this.state.files.get(key);
    this.state.files.set(key, { ...file, at: this.state.now() });
    if (before !== undefined && before.blob !== file.blob) this.state.onUnreferenced(before.blob);
    this.state.emit({ kind: 'run.files', run: file.run });
  }

  async list(run: RunId, kind: RunFile['kind'] | null): Promise<readonly RunFile[]> {
    return [...this.state.files.values()]
      .filter((file) => file.run === run && (kind === null || file.kind === kind))
      .sort(compareBy((file) => [file.kind, file.path]))
      .map((file) => ({ ...file }));
  }

  async find(run: RunId, kind: RunFile['kind'], path: string): Promise<RunFile | null> {
    const file = this.state.files.get(JSON.stringify([run, kind, path]));
    return file === undefined ? null : { ...file };
  }

  async remove(run: RunId, kind: RunFile['kind'], path: string): Promise<boolean> {
    const key = JSON.stringify([run, kind, path]);
    const file = this.state.files.get(key);
    if (file === undefined) return false;
    this.state.files.delete(key);
    this.state.onUnreferenced(file.blob);
    this.state.emit({ kind: 'run.files', run });
    return true;
  }

  async setCode(sweep: SweepId, blob: BlobHash, size: number): Promise<void> {
    const record = this.state.sweeps.get(sweep);
    if (record !== undefined) this.state.sweeps.set(sweep, { ...record, code: { blob, size } });
  }

  async code(sweep: SweepId): Promise<{ readonly blob: BlobHash; readonly size: number } | null> {
    const code = this.state.sweeps.get(sweep)?.code ?? null;
    return code === null ? null : { ...code };
  }

  async referenced(blob: BlobHash): Promise<boolean> {
    return (
      [...this.state.files.values()].some((file) => file.blob === blob) ||
      this.state.refersTo.some((refersTo) => refersTo(blob)) ||
      [...this.state.sweeps.values()].some(({ code }) => code?.blob === blob)
    );
  }
}

export class MemoryDecisions implements DecisionStore {
  constructor(private readonly state: MemoryState) {}

  async add(decision: Omit<Decision, 'at'>): Promise<void> {
    const { sweep, trial, text } = decision;
    if (!this.state.sweeps.has(sweep)) throw new Bug(`there is no sweep ${sweep}`);
    this.state.decisions.push({ ...decision, at: this.state.now() });
    this.state.emit({ kind: 'decision', sweep, trial, text });
  }

  async list(sweep: SweepId, trial: TrialId | null, { limit, cursor }: PageRequest): Promise<Page<Decision>> {
    const after = readCursor(cursor, [0])?.[0] ?? -1;
    const all = this.state.decisions
      .map((decision, id) => ({ decision, id }))
      .filter(({ decision }) => decision.sweep === sweep && (trial === null || decision.trial === trial));
    const page = pageOf(
      all.filter(({ id }) => id > after),
      limit,
      all.length,
      ({ id }) => [id],
    );
    return { ...page, items: page.items.map(({ decision }) => ({ ...decision })) };
  }

  async proposals(trials: readonly TrialId[]): Promise<ReadonlyMap<TrialId, string>> {
    const proposed = this.state.decisions.filter(({ about }) => about === 'proposed');
    return new Map(proposed.flatMap(({ trial, text }) => (trial !== null && trials.includes(trial) ? [[trial, text]] : [])));
  }
}
