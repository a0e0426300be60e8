/**
 * Reads what the views of trials need beside their rows.
 *
 * A page of trials costs one query for all summaries and one a distinct agent. What costs a query a trial (where an ended one ran, why its
 * params were chosen) is read for a single trial only.
 */
import type { TrialView } from '@sweep/api';
import { type AgentId, Invalid, NotFound, type Objective, type Sweep, type Trial } from '@sweep/domain';
import { Float } from '@sweep/optimizer';
import type { Attempt, Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import type { Trials } from '../trials/trials.js';
import { type Place, trialView } from './trial-view.js';

export class TrialReader {
  constructor(private readonly parts: { readonly store: Store; readonly specs: Specs; readonly trials: Trials }) {}

  /** Of one sweep. */
  async views(sweep: Sweep, trials: readonly Trial[]): Promise<readonly TrialView[]> {
    const { store, specs } = this.parts;
    const { objectives } = specs.of(sweep);
    const [now, last, attempts, places, waiting] = await Promise.all([
      store.now(),
      store.metrics.last(trials.map(({ id, attempt }) => ({ run: id, attempt }))),
      Promise.all(trials.map((trial) => this.#attempts(trial))),
      this.#places(trials),
      Promise.all(trials.map((trial) => this.parts.trials.waitingFor(trial))),
    ]);
    return trials.map((trial, index) =>
      trialView(trial, {
        objectives,
        last: last[index] ?? [],
        attempts: attempts[index]!,
        place: places[index] ?? null,
        waitingFor: waiting[index] ?? null,
        why: null,
        now,
      }),
    );
  }

  async view(trial: Trial): Promise<TrialView> {
    const { store } = this.parts;
    const [objectives, now, attempts, waitingFor, why] = await Promise.all([
      this.#objectives(trial),
      store.now(),
      store.attempts.list(trial.id),
      this.parts.trials.waitingFor(trial),
      this.#why(trial),
    ]);
    const shown = shownAttempt(trial, attempts);
    const [[last], place] = await Promise.all([
      shown === null ? [[]] : store.metrics.last([{ run: shown.run, attempt: shown.number }]),
      shown === null ? null : this.#place(shown.agent, shown.slot),
    ]);
    return trialView(trial, { objectives, last: last ?? [], attempts: attempts.length, place, waitingFor, why, now });
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

  async #objectives(trial: Trial): Promise<readonly Objective[]> {
    const sweep = await this.parts.store.sweeps.find(trial.sweep);
    if (sweep === null) throw new NotFound(`the sweep of trial ${trial.id} was removed`);
    return this.parts.specs.of(sweep).objectives;
  }

  /** The number of the current attempt says it, unless an older one was put back in possession after a loss. */
  async #attempts(trial: Trial): Promise<number> {
    return trial.lostBy.length === 0 ? trial.attempt : (await this.parts.store.attempts.list(trial.id)).length;
  }

  async #places(trials: readonly Trial[]): Promise<readonly (Place | null)[]> {
    const ids = new Set(trials.flatMap(({ lease }) => (lease === null ? [] : [lease.agent])));
    const agents = new Map(await Promise.all([...ids].map(async (id) => [id, await this.parts.store.agents.find(id)] as const)));
    return trials.map(({ lease }) => (lease === null ? null : placeOn(lease.agent, lease.slot, agents.get(lease.agent)?.slots ?? [])));
  }

  async #place(id: AgentId, slot: number): Promise<Place> {
    const agent = await this.parts.store.agents.find(id);
    return placeOn(id, slot, agent?.slots ?? []);
  }

  async #why(trial: Trial): Promise<string | null> {
    const { items } = await this.parts.store.decisions.list(trial.sweep, trial.id, { limit: 1_000, cursor: null });
    return items.find(({ about }) => about === 'proposed')?.text ?? null;
  }
}

function placeOn(agent: AgentId, slot: number, slots: readonly { readonly index: number; readonly gpus: readonly string[] }[]): Place {
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
