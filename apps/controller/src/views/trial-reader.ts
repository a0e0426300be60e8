/** Reads what the views of trials need beside their rows: a fixed number of queries, however many trials are shown. */
import type { TrialView } from '@sweep/api';
import { Invalid, NotFound, type Slot, type Sweep, type Trial, type TrialId } from '@sweep/domain';
import { Float } from '@sweep/optimizer';
import type { Attempt, Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import type { Trials } from '../trials/trials.js';
import { type Place, trialView } from './trial-view.js';

export class TrialReader {
  constructor(private readonly parts: { readonly store: Store; readonly specs: Specs; readonly trials: Trials }) {}

  /** Of one sweep. */
  async views(sweep: Sweep, trials: readonly Trial[]): Promise<readonly TrialView[]> {
    if (trials.length === 0) return [];
    const { store, specs } = this.parts;
    const { objectives, limits } = specs.of(sweep);
    const ids = trials.map(({ id }) => id);
    const attempts = byTrial(await store.attempts.listAll(ids));
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

function byTrial(attempts: readonly Attempt[]): ReadonlyMap<TrialId, readonly Attempt[]> {
  const groups = new Map<TrialId, Attempt[]>();
  for (const attempt of attempts) groups.set(attempt.trial, [...(groups.get(attempt.trial) ?? []), attempt]);
  return groups;
}

function placeOn({ agent, slot }: Attempt, slots: readonly Slot[]): Place {
  return { agent, slot, gpus: slots.find(({ index }) => index === slot)?.gpus ?? [] };
}

function shownAttempt(trial: Trial, attempts: readonly Attempt[]): Attempt | null {
  return attempts.find(({ counted }) => counted) ?? attempts.find(({ number }) => number === trial.attempt) ?? null;
}

/**
 * Orders views by `number`, `objective`, `createdAt`, `startedAt`, `endedAt`, `durationSeconds`, `state`, `params.NAME` or
 * `metrics.NAME`; with `-` in front the largest come first. What lacks the value comes last either way.
 *
 * @throws Invalid
 */
export function sortTrials(views: readonly TrialView[], sort: string): readonly TrialView[] {
  const [name, sign] = sort.startsWith('-') ? [sort.slice(1), -1] : [sort, 1];
  const read = sortKey(name);
  const keyed = views.map((view) => ({ view, key: comparable(read(view)) }));
  keyed.sort(
    (a, b) =>
      (a.key === null || b.key === null ? Number(a.key === null) - Number(b.key === null) : sign * compare(a.key, b.key)) ||
      a.view.number - b.view.number,
  );
  return keyed.map(({ view }) => view);
}

const plainKeys = ['number', 'createdAt', 'startedAt', 'endedAt', 'durationSeconds', 'state'] as const;

function sortKey(name: string): (view: TrialView) => unknown {
  const plain = plainKeys.find((key) => key === name);
  if (plain !== undefined) return (view) => view[plain];
  if (name === 'objective') return ({ objective }) => (Array.isArray(objective) ? objective[0] : objective);
  if (name.startsWith('metrics.')) return ({ summary }) => own(summary, name.slice(8));
  if (name.startsWith('params.'))
    return ({ params }) => own(params, name.slice(7)) ?? name.slice(7).split('.').reduce<unknown>(own, params);
  throw new Invalid(`cannot sort by "${name}": use ${plainKeys.join(', ')}, objective, params.NAME or metrics.NAME`);
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Numbers as numbers (also floats that are whole), everything else as text; null for what has no order. */
function comparable(value: unknown): number | string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Float) return value.value;
  const number = Number(value);
  return Number.isNaN(number) ? (typeof value === 'number' ? null : JSON.stringify(value)) : number;
}

/** Numbers before texts. */
function compare(a: number | string, b: number | string): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
