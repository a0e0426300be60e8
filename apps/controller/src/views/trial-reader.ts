/** Reads what the views of trials need beside their rows: a fixed number of queries, however many trials are shown. */
import type { TrialView } from '@sweep/api';
import { NotFound, type Slot, type Sweep, type Trial } from '@sweep/domain';
import type { Attempt, Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import type { Trials } from '../trials/trials.js';
import { grouped } from './grouped.js';
import { type Place, trialView } from './trial-view.js';

export class TrialReader {
  constructor(private readonly parts: { readonly store: Store; readonly specs: Specs; readonly trials: Trials }) {}

  /** Of one sweep. */
  async views(sweep: Sweep, trials: readonly Trial[]): Promise<readonly TrialView[]> {
    if (trials.length === 0) return [];
    const { store, specs } = this.parts;
    const { objectives, limits } = specs.of(sweep);
    const ids = trials.map(({ id }) => id);
    const attempts = grouped(await store.attempts.listAll(ids), ({ trial }) => trial);
    const shown = trials.map((trial) => shownAttempt(trial, attempts.get(trial.id) ?? []));
    const [now, last, places, waiting, whys] = await Promise.all([
      store.now(),
      store.metrics.last(
        trials.map(({ id, attempt }, index) => ({ run: shown[index]?.run ?? id, attempt: shown[index]?.number ?? attempt })),
      ),
      this.#places(trials, shown),
      this.parts.trials.waitingFor(sweep, trials),
      store.decisions.proposals(ids),
    ]);
    return trials.map((trial, index) =>
      trialView(trial, {
        objectives,
        limits,
        last: last[index] ?? [],
        attempts: attempts.get(trial.id)?.length ?? 0,
        place: places[index] ?? null,
        waitingFor: waiting.get(trial.id) ?? null,
        why: whys.get(trial.id) ?? null,
        now,
      }),
    );
  }

  /** @throws NotFound when its sweep was removed */
  async view(trial: Trial): Promise<TrialView> {
    const sweep = await this.parts.store.sweeps.find(trial.sweep);
    if (sweep === null) throw new NotFound(`the sweep of trial ${trial.id} was removed`);
    const [view] = await this.views(sweep, [trial]);
    return view!;
  }

  /**
   * The attempt whose stream is shown: the one asked for, else the counted one, else the current one. Null before the first.
   *
   * @throws NotFound when there is no such attempt
   */
  async attempt(trial: Trial, wanted: number | undefined): Promise<Attempt | null> {
    const attempts = await this.parts.store.attempts.list(trial.id);
    if (wanted === undefined) return shownAttempt(trial, attempts);
    const found = attempts.find(({ number }) => number === wanted);
    if (found === undefined) throw new NotFound(`trial ${trial.number} has no attempt ${wanted}: it had ${attempts.length} so far`);
    return found;
  }

  /** Where the shown attempts run or ran. A trial that waits for its next attempt is nowhere. */
  async #places(trials: readonly Trial[], shown: readonly (Attempt | null)[]): Promise<readonly (Place | null)[]> {
    const placed = shown.map((attempt, index) => (trials[index]!.state === 'queued' ? null : attempt));
    const ids = [...new Set(placed.flatMap((attempt) => attempt?.agent ?? []))];
    const slots = new Map((await this.parts.store.agents.findAll(ids)).map((agent) => [agent.id, agent.slots]));
    return placed.map((attempt) => attempt && placeOn(attempt, slots.get(attempt.agent) ?? []));
  }
}

function placeOn({ agent, slot }: Attempt, slots: readonly Slot[]): Place {
  return { agent, slot, gpus: slots.find(({ index }) => index === slot)?.gpus ?? [] };
}

function shownAttempt(trial: Trial, attempts: readonly Attempt[]): Attempt | null {
  return attempts.find(({ counted }) => counted) ?? attempts.find(({ number }) => number === trial.attempt) ?? null;
}
