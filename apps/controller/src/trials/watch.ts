/**
 * Looks at running trials when points arrive: has the target been reached, should one stop?
 *
 * One evaluation at a time per sweep; points that arrive meanwhile make exactly one more. The rules are pure (optimizer).
 */
import {
  Conflict,
  type Objective,
  type PointBatch,
  reachesTarget,
  type Sweep,
  type SweepId,
  type SweepSpec,
  type TrialId,
} from '@sweep/domain';
import { keepsLimits } from '@sweep/optimizer';
import type { Store } from '@sweep/store';
import type { IngestTarget } from '../agents/ingest.js';
import type { LiveSweeps } from '../agents/live-sweeps.js';
import type { Specs } from '../specs.js';
import type { Endings } from './endings.js';
import { measuredBy } from './measured.js';

export interface WatchParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly liveSweeps: LiveSweeps;
  readonly endings: Endings;
  readonly onTarget: (sweep: SweepId) => Promise<unknown>;
  readonly onError: (error: unknown, sweep: SweepId) => void;
}

interface Wanted {
  readonly objective: Objective;
  readonly limits: SweepSpec['limits'];
}

const mostReasons = 100_000;

export class Watch {
  readonly #running = new Map<SweepId, { again: boolean; done: Promise<void> }>();
  /** The last reason stored for each trial: a repeated "go on" is not news. */
  readonly #reasons = new Map<TrialId, string>();

  constructor(private readonly parts: WatchParts) {}

  /** Called after each commit; never waits. */
  onPoints(target: IngestTarget, batch: Pick<PointBatch, 'series'>): void {
    this.#notice(target, batch).catch((error: unknown) => this.parts.onError(error, target.sweep));
  }

  /** Resolves when every point stored before the call has been looked at. */
  async evaluate(id: SweepId): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const state = { again: false, done: Promise.resolve() };
    this.#running.set(id, state);
    state.done = this.#loop(id, state);
    return state.done;
  }

  /** Ends the sweep if these points, stored before the call, bring a trial to the target. */
  async endAtTarget(target: IngestTarget, batch: Pick<PointBatch, 'series'>): Promise<void> {
    const { objectives, limits } = this.parts.specs.of(await this.parts.liveSweeps.get(target.sweep));
    const [objective] = objectives;
    if (objective === undefined) return;
    const reached = (value: number): boolean => reachesTarget(value, objective.goal, objective.target);
    const done =
      limits.length === 0
        ? seriesOf(objective, batch)?.values.some(reached)
        : await this.#reachedWithin(target, batch, { objective, limits });
    if (done === true) await this.#target(target.sweep);
  }

  async #notice(target: IngestTarget, batch: Pick<PointBatch, 'series'>): Promise<void> {
    await this.endAtTarget(target, batch);
    const sweep = await this.parts.liveSweeps.get(target.sweep);
    const [objective] = this.parts.specs.of(sweep).objectives;
    if (objective === undefined || seriesOf(objective, batch) === undefined) return;
    if (this.parts.specs.pruner(sweep) !== null) await this.evaluate(sweep.id);
  }

  /** A trial that breaks a limit does not end the search. Which of its metrics is logged first must not matter. */
  async #reachedWithin({ run, attempt }: IngestTarget, batch: Pick<PointBatch, 'series'>, { objective, limits }: Wanted): Promise<boolean> {
    const wanted = [objective, ...limits].map(({ name }) => name);
    if (objective.target === null || !batch.series.some(({ name }) => wanted.includes(name))) return false;
    const [last] = await this.parts.store.metrics.last([{ run, attempt }]);
    const by = { spec: { objectives: [{ ...objective, value: 'best' }], limits }, pruner: null } as const;
    const { values, limits: so } = measuredBy(by, last!, []);
    return reachesTarget(values[0] ?? Number.NaN, objective.goal, objective.target) && keepsLimits(limits, so);
  }

  async #target(id: SweepId): Promise<void> {
    try {
      await this.parts.onTarget(id);
    } catch (error) {
      // Paused, stopping or over: the target changes nothing then.
      if (!(error instanceof Conflict)) throw error;
    }
  }

  async #loop(id: SweepId, state: { again: boolean }): Promise<void> {
    try {
      do {
        state.again = false;
        await this.#prune(await this.parts.liveSweeps.get(id));
      } while (state.again);
    } finally {
      this.#running.delete(id);
    }
  }

  async #prune(sweep: Sweep): Promise<void> {
    const pruner = this.parts.specs.pruner(sweep);
    const [objective] = this.parts.specs.of(sweep).objectives;
    if (pruner === null || objective === undefined) return;
    const curves = await this.parts.store.metrics.curves(sweep.id, objective.name);
    const trials = new Map(curves.map((curve) => [curve.number, curve.trial]));
    const verdicts = pruner.decide(
      curves.map(({ number, state, series }) => ({ number, running: state === 'running', steps: series.steps, values: series.values })),
    );
    for (const verdict of verdicts) {
      const trial = trials.get(verdict.number)!;
      if (verdict.stop) await this.parts.endings.prune(trial, verdict.reason);
      else await this.#remember(sweep.id, trial, verdict.reason);
    }
  }

  async #remember(sweep: SweepId, trial: TrialId, reason: string): Promise<void> {
    if (reason === '' || this.#reasons.get(trial) === reason) return;
    if (this.#reasons.size >= mostReasons) this.#reasons.clear();
    this.#reasons.set(trial, reason);
    await this.parts.store.decisions.add({ sweep, trial, about: 'continued', text: reason });
  }
}

function seriesOf({ name }: Objective, { series }: Pick<PointBatch, 'series'>): PointBatch['series'][number] | undefined {
  return series.find((candidate) => candidate.name === name);
}
