/** Runs of the twin. */
import { randomBytes } from 'node:crypto';
import { type ProjectId, type RunId, randomId, runId } from '@sweep/domain';
import { paramsFromText, paramsToText } from '../params-text.js';
import type {
  NewRun,
  RunChange,
  RunEdit,
  RunField,
  RunFilter,
  RunGroup,
  RunKey,
  RunQuery,
  RunRecord,
  RunSlice,
  RunStore,
} from '../store.js';
import type { MemoryStreams } from './metrics.js';
import { compareBy } from './order.js';
import { type Beside, compareRuns, fieldOf, matches } from './run-match.js';
import { groupRecords, keysOf } from './run-table.js';
import { type KeptRun, type MemoryState, untold } from './state.js';

export class MemoryRuns implements RunStore {
  constructor(
    private readonly state: MemoryState,
    private readonly streams: MemoryStreams,
  ) {}

  async record(id: RunId): Promise<RunRecord | null> {
    const kept = this.state.runs.get(id);
    return kept === undefined ? null : recordOf(this.state, kept);
  }

  async recordByHandle(project: ProjectId, handle: string): Promise<RunRecord | null> {
    const kept = this.#named(project, handle);
    return kept === undefined ? null : recordOf(this.state, kept);
  }

  async projectsOf(ids: readonly RunId[]): Promise<ReadonlyMap<RunId, ProjectId>> {
    return new Map(ids.flatMap((id) => this.state.runs.get(id) ?? []).map(({ id, project }) => [id, project]));
  }

  async ensure({ project, handle, user, name, state, sweep }: NewRun): Promise<{ readonly record: RunRecord; readonly inserted: boolean }> {
    const known = this.#named(project, handle);
    if (known !== undefined) return { record: recordOf(this.state, known), inserted: false };
    const id = this.state.runs.has(runId(handle)) ? runId(randomId(8, randomBytes)) : runId(handle);
    const at = this.state.now();
    const owner = { project, sweep: sweep ?? null, trial: null, user };
    const kept: KeptRun = { ...untold, ...owner, id, handle, name, state, config: '{}', createdAt: at, heartbeatAt: at };
    this.state.runs.set(id, kept);
    this.state.emit({ kind: 'run.state', run: id, state });
    return { record: recordOf(this.state, kept), inserted: true };
  }

  async change(id: RunId, decide: (record: RunRecord) => RunChange): Promise<RunRecord | null> {
    const kept = this.state.runs.get(id);
    if (kept === undefined) return null;
    changeRun(this.state, id, decide(recordOf(this.state, kept)));
    return this.record(id);
  }

  async query(
    { project, filter, orders }: RunQuery,
    { start, limit }: RunSlice,
  ): Promise<{ readonly items: readonly RunRecord[]; readonly total: number }> {
    const beside = this.#beside();
    const found = this.#found({ project, filter }, beside);
    found.sort((a, b) => compareRuns(a, b, orders, beside));
    return { items: found.slice(start, start + limit), total: found.length };
  }

  async count(project: ProjectId, filter: RunFilter | null): Promise<number> {
    return (await this.query({ project, filter, orders: [] }, { start: 0, limit: 1 })).total;
  }

  async groups(query: Omit<RunQuery, 'orders'>, by: readonly RunField[], columns: readonly RunField[]): Promise<readonly RunGroup[]> {
    const beside = this.#beside();
    return groupRecords(this.#found(query, beside), by, columns, (record, field) => fieldOf(record, field, beside));
  }

  async keys(query: Omit<RunQuery, 'orders'>, among: number): Promise<readonly RunKey[]> {
    const newest = compareBy<RunRecord>(({ createdAt }) => [-createdAt]);
    const found = this.#found(query, this.#beside()).sort(newest).slice(0, among);
    return keysOf(found, (record) => [...this.streams.of(record.id, this.#shownAttempt(record)).keys()]);
  }

  async changeAll(ids: readonly RunId[], decide: (record: RunRecord) => RunEdit): Promise<readonly RunRecord[]> {
    const before = [...new Set(ids)].flatMap((id) => {
      const kept = this.state.runs.get(id);
      return kept === undefined || kept.deletedAt !== null ? [] : [recordOf(this.state, kept)];
    });
    for (const record of before) changeRun(this.state, record.id, decide(record));
    this.#tell(before);
    return before;
  }

  async remove(ids: readonly RunId[]): Promise<readonly RunId[]> {
    return this.#hide(ids, (kept) => kept.deletedAt === null, this.state.now());
  }

  async restore(ids: readonly RunId[]): Promise<readonly RunId[]> {
    return this.#hide(ids, (kept) => kept.deletedAt !== null, null);
  }

  async crash(silenceMs: number): Promise<readonly RunId[]> {
    const limit = this.state.now() - silenceMs;
    const silent = [...this.state.runs.values()].filter(
      ({ trial, state, heartbeatAt }) =>
        trial === null && (state === 'running' || state === 'preempting') && heartbeatAt !== null && heartbeatAt < limit,
    );
    for (const { id, state } of silent) changeRun(this.state, id, { state: state === 'preempting' ? 'preempted' : 'crashed' });
    return silent.map(({ id }) => id);
  }

  #hide(ids: readonly RunId[], applies: (kept: KeptRun) => boolean, deletedAt: number | null): readonly RunId[] {
    const found = [...new Set(ids)].flatMap((id) => this.state.runs.get(id) ?? []).filter(applies);
    for (const kept of found) this.state.runs.set(kept.id, { ...kept, deletedAt });
    this.#tell(found);
    return found.map(({ id }) => id);
  }

  #tell(changed: readonly { readonly project: ProjectId }[]): void {
    for (const project of new Set(changed.map((run) => run.project))) this.state.emit({ kind: 'runs.changed', project });
  }

  #beside(): Beside {
    return {
      now: this.state.now(),
      users: new Map([...this.state.users.values()].map(({ id, name }) => [id, name])),
      measured: (record, name) => this.streams.of(record.id, this.#shownAttempt(record)).get(name)?.at(-1)?.values.at(-1),
    };
  }

  #shownAttempt({ trialAttempt, attempt }: RunRecord): number {
    return trialAttempt ?? attempt;
  }

  #found({ project, filter }: Omit<RunQuery, 'orders'>, beside: Beside): RunRecord[] {
    const records = this.#visible(project).map((kept) => recordOf(this.state, kept));
    return records.filter((record) => filter === null || matches(filter, record, beside));
  }

  #visible(project: ProjectId | null): KeptRun[] {
    return [...this.state.runs.values()].filter((run) => run.deletedAt === null && (project === null || run.project === project));
  }

  #named(project: ProjectId, handle: string): KeptRun | undefined {
    return [...this.state.runs.values()].find((run) => run.project === project && run.handle === handle);
  }
}

export function recordOf(state: MemoryState, { config, ...rest }: KeptRun): RunRecord {
  const trial = rest.trial === null ? undefined : state.trials.get(rest.trial);
  return {
    ...rest,
    tags: [...rest.tags],
    config: paramsFromText(config),
    trialState: trial?.state ?? null,
    trialCause: trial?.cause ?? null,
    trialOrigin: trial?.origin ?? null,
    trialNumber: trial?.number ?? null,
    trialAttempt: trial?.attempt ?? null,
    trialObjective: trial?.values[0] ?? null,
    trialStartedAt: trial?.startedAt ?? null,
    trialEndedAt: trial?.endedAt ?? null,
  };
}

export function changeRun(state: MemoryState, id: RunId, change: RunChange): void {
  const kept = state.runs.get(id)!;
  const { config, ...rest } = change;
  const fresh = change.attempt === undefined ? {} : { historyLines: 0, eventLines: 0, logLines: 0 };
  const text = config === undefined ? {} : { config: paramsToText(config) };
  state.runs.set(id, { ...kept, ...rest, ...text, ...fresh, updatedAt: state.now() });
  if (change.state !== undefined && change.state !== null) state.emit({ kind: 'run.state', run: id, state: change.state });
}
