/** Drops what people deleted long ago, and old events, in the twin. */
import type { RunId, SweepId } from '@sweep/domain';
import type { Dropped, RetentionStore } from '../retention-store.js';
import type { MemoryState } from './state.js';

export class MemoryRetention implements RetentionStore {
  /** @param forget drops the streams of a run */
  constructor(
    private readonly state: MemoryState,
    private readonly forget: (run: RunId) => void,
  ) {}

  async due(before: number): Promise<Dropped> {
    return { sweeps: this.#dueSweeps(before).length, runs: this.#dueRuns(before).length, events: this.#oldEvents(before) };
  }

  async drop(before: number, limit: number): Promise<Dropped> {
    const [sweeps, runs] = [this.#dueSweeps(before).slice(0, limit), this.#dueRuns(before).slice(0, limit)];
    for (const run of runs) this.#dropRun(run);
    for (const sweep of sweeps) this.#dropSweep(sweep);
    const events = Math.min(this.#oldEvents(before), limit * 1_000);
    this.state.eventsDropped += this.state.events.splice(0, events).length;
    return { sweeps: sweeps.length, runs: runs.length, events };
  }

  #dueSweeps(before: number): readonly SweepId[] {
    return [...this.state.sweeps].filter(([, { deletedAt }]) => deletedAt !== null && deletedAt < before).map(([id]) => id);
  }

  #dueRuns(before: number): readonly RunId[] {
    const due = [...this.state.runs.values()].filter(({ deletedAt, trial }) => trial === null && deletedAt !== null && deletedAt < before);
    return due.map(({ id }) => id);
  }

  #oldEvents(before: number): number {
    const young = this.state.events.findIndex(({ at }) => at >= before);
    return young < 0 ? this.state.events.length : young;
  }

  #dropRun(run: RunId): void {
    const { files, alerts, runs, assignments } = this.state;
    for (const [key, file] of files) {
      if (file.run !== run) continue;
      files.delete(key);
      this.state.onUnreferenced(file.blob);
    }
    alerts.splice(0, alerts.length, ...alerts.filter((alert) => alert.run !== run));
    for (const [agent, assignment] of assignments) if (assignment.run === run) assignments.delete(agent);
    this.forget(run);
    runs.delete(run);
  }

  #dropSweep(sweep: SweepId): void {
    const { runs, trials, searched, attempts, decisions, priors, revisions, sweeps } = this.state;
    for (const run of [...runs.values()].filter((one) => one.sweep === sweep)) this.#dropRun(run.id);
    for (const { id } of this.state.trialsOf(sweep)) {
      trials.delete(id);
      searched.delete(id);
      attempts.delete(id);
    }
    decisions.splice(0, decisions.length, ...decisions.filter((decision) => decision.sweep !== sweep));
    priors.delete(sweep);
    revisions.delete(sweep);
    const code = sweeps.get(sweep)?.code;
    sweeps.delete(sweep);
    if (code) this.state.onUnreferenced(code.blob);
  }
}
