/** Sweeps of the twin. */
import {
  Bug,
  isEnded,
  type Sweep,
  type SweepId,
  type SweepReason,
  type SweepState,
  type TrialCounts,
  type TrialState,
  trialStates,
} from '@sweep/domain';
import { pageOf, readCursor } from '../paging.js';
import type { NewSweep, Page, PageRequest, SweepEdit, SweepFilter, SweepRevision, SweepStore } from '../store.js';
import type { MemoryStreams } from './metrics.js';
import { compareBy } from './order.js';
import type { MemoryState } from './state.js';

interface Status {
  readonly state: SweepState;
  readonly reason: SweepReason | null;
}

export class MemorySweeps implements SweepStore {
  constructor(
    private readonly state: MemoryState,
    private readonly streams: MemoryStreams,
  ) {}

  async create({ priors, ...given }: NewSweep): Promise<Sweep> {
    const project = this.state.projects.get(given.project);
    if (project === undefined || this.state.sweeps.has(given.id))
      throw new Bug(`sweep ${given.id} cannot be made in project ${given.project}`);
    const at = this.state.now();
    const names = { entity: project.entity, projectName: project.name };
    const first = { state: 'pending', reason: null, revision: 1, version: 1, cursor: 0, exhausted: false, logLength: 0 } as const;
    const sweep: Sweep = { ...structuredClone(given), ...names, ...first, createdAt: at, startedAt: null, endedAt: null };
    this.state.sweeps.set(sweep.id, { sweep, code: null, deletedAt: null });
    this.state.priors.set(sweep.id, structuredClone(priors));
    this.#addRevision(sweep, given.createdBy);
    this.state.emit({ kind: 'sweep.created', sweep: sweep.id });
    return structuredClone(sweep);
  }

  async find(id: SweepId): Promise<Sweep | null> {
    const sweep = this.state.visibleSweep(id);
    return sweep === undefined ? null : structuredClone(sweep);
  }

  async list(filter: SweepFilter, { limit, cursor }: PageRequest): Promise<Page<Sweep>> {
    const after = readCursor(cursor, [0, '']);
    const newestFirst = compareBy<readonly [number, string]>((key) => key, [-1, -1]);
    const wanted = this.#visible()
      .filter((sweep) => filter.states === undefined || filter.states.includes(sweep.state))
      .filter((sweep) => filter.project === undefined || sweep.project === filter.project)
      .sort((a, b) => newestFirst([a.createdAt, a.id], [b.createdAt, b.id]));
    const rest = after === null ? wanted : wanted.filter((sweep) => newestFirst([sweep.createdAt, sweep.id], after) > 0);
    return pageOf(structuredClone(rest), limit, wanted.length, (sweep) => [sweep.createdAt, sweep.id]);
  }

  async move(id: SweepId, expected: Status, to: Status): Promise<boolean> {
    const sweep = this.state.visibleSweep(id);
    if (sweep === undefined || sweep.state !== expected.state || sweep.reason !== expected.reason) return false;
    const startedAt = to.state === 'running' ? (sweep.startedAt ?? this.state.now()) : sweep.startedAt;
    const endedAt = isEnded(to.state) ? this.state.now() : null;
    this.state.changeSweep(id, { state: to.state, reason: to.reason, startedAt, endedAt, version: sweep.version + 1 });
    this.state.emit({ kind: 'sweep.state', sweep: id, state: to.state, reason: to.reason });
    return true;
  }

  async edit(id: SweepId, expectedRevision: number, { by, ...change }: SweepEdit): Promise<boolean> {
    const sweep = this.state.visibleSweep(id);
    if (sweep === undefined || sweep.revision !== expectedRevision) return false;
    const edited = this.state.changeSweep(id, { ...change, revision: expectedRevision + 1, version: sweep.version + 1 });
    this.#addRevision(edited, by);
    this.state.emit({ kind: 'sweep.edited', sweep: id, revision: edited.revision });
    return true;
  }

  async revisions(id: SweepId): Promise<readonly SweepRevision[]> {
    return structuredClone(this.state.revisions.get(id) ?? []);
  }

  async remove(id: SweepId): Promise<boolean> {
    const record = this.state.sweeps.get(id);
    if (record === undefined || record.deletedAt !== null || !isEnded(record.sweep.state)) return false;
    this.state.sweeps.set(id, { ...record, deletedAt: this.state.now() });
    this.state.emit({ kind: 'sweep.deleted', sweep: id });
    return true;
  }

  async counts(ids: readonly SweepId[]): Promise<ReadonlyMap<SweepId, TrialCounts>> {
    return new Map(
      ids.map((id) => {
        const counts = Object.fromEntries(trialStates.map((state) => [state, 0])) as Record<TrialState, number>;
        for (const trial of this.state.trialsOf(id)) counts[trial.state]++;
        return [id, counts];
      }),
    );
  }

  async emptyDeaths(id: SweepId): Promise<number> {
    return this.state
      .trialsOf(id)
      .filter(({ state }) => state === 'failed' || state === 'cancelled' || state === 'pruned')
      .filter((trial) => ![...this.state.runs.values()].some((run) => run.trial === trial.id && this.streams.hasPoints(run.id))).length;
  }

  async idsIn(states: readonly SweepState[]): Promise<readonly SweepId[]> {
    return this.#visible()
      .filter((sweep) => states.includes(sweep.state))
      .sort(compareBy((sweep) => [sweep.createdAt, sweep.id]))
      .map((sweep) => sweep.id);
  }

  #visible(): Sweep[] {
    return [...this.state.sweeps.values()].filter(({ deletedAt }) => deletedAt === null).map(({ sweep }) => sweep);
  }

  #addRevision({ id, revision, config, priority, parallel, runCap }: Sweep, by: SweepRevision['by']): void {
    const earlier = this.state.revisions.get(id) ?? [];
    this.state.revisions.set(id, [...earlier, { revision, config, priority, parallel, runCap, by, at: this.state.now() }]);
  }
}
