/**
 * What people do with sweeps. Each command is load, decide (domain), guarded write; a write that finds another state starts over.
 */
import { randomBytes } from 'node:crypto';
import {
  applySweepEvent,
  Conflict,
  Invalid,
  isEnded,
  type LeaseTimes,
  NotFound,
  randomId,
  type Sweep,
  type SweepEvent,
  type SweepId,
  type SweepSpec,
  sweepId,
  type Trial,
  type TrialId,
  trialId,
} from '@sweep/domain';
import type { Params } from '@sweep/optimizer';
import type { NewTrial, Store, SweepEdit } from '@sweep/store';
import type { Caller } from '../auth/caller.js';
import type { Specs } from '../specs.js';
import { checkParams } from './check-params.js';
import { acceptFile, type CreateSweepInput, createSweep, tryParts } from './create.js';
import type { Effects } from './effects.js';

export type SweepVerb = 'pause' | 'resume' | 'stop' | 'cancel';

export interface SweepParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly effects: Effects;
  readonly times: LeaseTimes;
}

const mostTries = 5;

export class Sweeps {
  constructor(private readonly parts: SweepParts) {}

  async create(input: CreateSweepInput, caller: Caller): Promise<Sweep> {
    const sweep = await createSweep(this.parts.store, input, caller);
    await this.parts.effects.tick(sweep.id);
    return sweep;
  }

  /** `ID`, `PROJECT/ID` or `ENTITY/PROJECT/ID`. */
  async find(path: string): Promise<Sweep> {
    const names = path.split('/');
    const id = names.at(-1)!;
    if (names.length > 3 || !/^[a-z0-9]{8}$/.test(id)) {
      throw new Invalid(`"${path}" is not a sweep: expected ID, PROJECT/ID or ENTITY/PROJECT/ID with an id of 8 letters and digits`);
    }
    const sweep = await this.parts.store.sweeps.find(sweepId(id));
    const [entity, project] = names.length === 3 ? names : [undefined, names.length === 2 ? names[0] : undefined];
    const elsewhere =
      sweep !== null && ((project !== undefined && project !== sweep.projectName) || (entity !== undefined && entity !== sweep.entity));
    if (sweep === null || elsewhere) throw new NotFound(`there is no sweep ${path}`);
    return sweep;
  }

  /** @throws Conflict naming the current state when the command is not possible in it */
  async command(id: SweepId, verb: SweepVerb): Promise<Sweep> {
    return this.raise(id, { kind: verb });
  }

  async raise(id: SweepId, event: SweepEvent): Promise<Sweep> {
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const sweep = await this.#load(id);
      const move = applySweepEvent(sweep, event);
      if (move === undefined) throw new Conflict(`sweep ${id} is ${sweep.state}: it cannot ${verbOf(event)}`);
      if (!(await this.parts.store.sweeps.move(id, sweep, move))) continue;
      const moved = await this.#load(id);
      await this.parts.effects.apply(moved, move.effects);
      return moved;
    }
    throw new Conflict(`sweep ${id} keeps changing; try again`);
  }

  async edit(id: SweepId, expectedRevision: number | null, change: Omit<SweepEdit, 'by'>, caller: Caller): Promise<Sweep> {
    const sweep = await this.#load(id);
    const full: SweepEdit = { ...change, by: caller.user.id };
    if (change.config !== undefined) this.#checkEdit(sweep, change.config);
    const revision = expectedRevision ?? sweep.revision;
    if (!(await this.parts.store.sweeps.edit(id, revision, full))) {
      throw new Conflict(
        `sweep ${id} is at revision ${(await this.#load(id)).revision}, you edited revision ${revision}: reload and edit again`,
      );
    }
    await this.parts.effects.tick(id);
    return this.#load(id);
  }

  /** New trials that name the old ones; an ended sweep goes on. */
  async retry(id: SweepId, what: { readonly failed?: boolean; readonly trials?: readonly number[] }): Promise<readonly Trial[]> {
    const chosen = what.trials === undefined ? await this.#allFailed(id) : await this.#numbered(id, what.trials);
    if (chosen.length === 0) throw new Conflict(`sweep ${id} has no failed trial to retry`);
    const trials = chosen.map((trial) =>
      newTrial({ params: trial.params, origin: 'retry', retryOf: trial.id, why: `asked to retry trial ${trial.number}` }),
    );
    return this.#insert(id, trials);
  }

  async clone(id: SweepId, options: { readonly priorRuns?: boolean; readonly name?: string }, caller: Caller): Promise<Sweep> {
    const sweep = await this.#load(id);
    const ended = options.priorRuns ? await this.#all(id, ['completed', 'pruned', 'failed']) : [];
    const code = await this.parts.store.files.code(id);
    const input: CreateSweepInput = {
      config: sweep.config,
      project: `${sweep.entity}/${sweep.projectName}`,
      name: options.name ?? `${sweep.name} (copy)`,
      priorRuns: ended.map((trial) => trial.id),
      ...(code === null ? {} : { code: { hash: code.blob, size: code.size } }),
    };
    return this.create(input, caller);
  }

  async enqueue(id: SweepId, params: readonly Params[]): Promise<readonly Trial[]> {
    const sweep = await this.#load(id);
    const { space } = this.parts.specs.of(sweep);
    for (const one of params) checkParams(space, one);
    return this.#insert(
      id,
      params.map((one) => newTrial({ params: one, origin: 'enqueued', retryOf: null, why: 'asked for by a person' })),
    );
  }

  /** Under a name of the asker's choosing: asked for again it is the same trial. */
  async enqueueAs(id: SweepId, trial: TrialId, params: Params): Promise<void> {
    if ((await this.parts.store.trials.find(trial)) !== null) return;
    const sweep = await this.#load(id);
    checkParams(this.parts.specs.of(sweep).space, params);
    const wish = { params, origin: 'enqueued', retryOf: null, why: 'asked for by a search outside' } as const;
    await this.#insert(id, [{ ...newTrial(wish), id: trial }]);
  }

  /** Whoever searches outside has nothing more to ask for: the sweep ends with its last trial. */
  async exhaust(id: SweepId): Promise<void> {
    const { store, effects } = this.parts;
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const sweep = await this.#load(id);
      if (sweep.exhausted || isEnded(sweep.state) || sweep.state === 'stopping') return;
      const step = { cursor: sweep.cursor, exhausted: true, observed: [], renewed: [] };
      if ((await store.trials.propose(id, sweep.version, [], step)) === null) continue;
      return effects.tick(id);
    }
    throw new Conflict(`sweep ${id} keeps changing; try again`);
  }

  async remove(id: SweepId): Promise<void> {
    const sweep = await this.#load(id);
    if (!(await this.parts.store.sweeps.remove(id)))
      throw new Conflict(`sweep ${id} is ${sweep.state}: stop or cancel it before you remove it`);
  }

  async #load(id: SweepId): Promise<Sweep> {
    const sweep = await this.parts.store.sweeps.find(id);
    if (sweep === null) throw new NotFound(`there is no sweep ${id}`);
    return sweep;
  }

  /** The trials of a started sweep stay comparable: its method and what they are judged by may not change. */
  #checkEdit(sweep: Sweep, config: string): void {
    const next = acceptFile(config, false);
    tryParts(next, sweep.seed);
    const now = this.parts.specs.of(sweep);
    if (sweep.state === 'pending') return;
    if (next.method !== now.method)
      throw new Conflict(`sweep ${sweep.id} has started with method ${now.method}: clone it to use ${next.method}`);
    if (judgedBy(next) !== judgedBy(now))
      throw new Conflict(`sweep ${sweep.id} has started with ${judgedBy(now)}: clone it to use ${judgedBy(next)}`);
  }

  /**
   * Inserts trials that somebody asked for; an ended sweep goes on for them. Between its resumption and the insert a tick may find
   * nothing left and end it again: then once more.
   */
  async #insert(id: SweepId, trials: readonly NewTrial[]): Promise<readonly Trial[]> {
    const { store, effects } = this.parts;
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const found = await this.#load(id);
      if (found.state === 'stopping') throw new Conflict(`sweep ${id} is stopping: wait for its last trial`);
      const resumed = isEnded(found.state) ? applySweepEvent(found, { kind: 'resume' }) : undefined;
      if (resumed !== undefined) await store.sweeps.move(id, found, resumed);
      const sweep = await this.#load(id);
      const inserted = await store.trials.propose(id, sweep.version, trials, null);
      if (inserted === null) continue;
      await effects.offer(sweep, inserted);
      await effects.tick(id);
      return inserted;
    }
    throw new Conflict(`sweep ${id} keeps changing; try again`);
  }

  async #allFailed(id: SweepId): Promise<readonly Trial[]> {
    const retried = new Set((await this.#all(id, null)).map((trial) => trial.retryOf));
    return (await this.#all(id, ['failed'])).filter((trial) => !retried.has(trial.id));
  }

  async #all(id: SweepId, states: readonly Trial['state'][] | null): Promise<readonly Trial[]> {
    const trials: Trial[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Store['trials']['list']>> = await this.parts.store.trials.list(id, states === null ? {} : { states }, {
        limit: 1_000,
        cursor,
      });
      trials.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return trials;
  }

  async #numbered(id: SweepId, numbers: readonly number[]): Promise<readonly Trial[]> {
    return Promise.all(
      numbers.map(async (number) => {
        const trial = await this.parts.store.trials.findByNumber(id, number);
        if (trial === null) throw new NotFound(`sweep ${id} has no trial ${number}`);
        return trial;
      }),
    );
  }
}

/** Bounds and targets may move: trials are stored with what they measured, in this order. */
function judgedBy({ objectives, limits }: SweepSpec): string {
  const metrics = [
    ...objectives.map(({ name, goal, value }) => `${goal} ${name} (${value})`),
    ...limits.map(({ name, value }) => `limit ${name} (${value})`),
  ];
  return metrics.length === 0 ? 'no metric' : metrics.join(', ');
}

/** One that somebody asked for, unless it comes with the sampler's proposal. */
export function newTrial(trial: Omit<NewTrial, 'id' | 'proposal'>, proposal: NewTrial['proposal'] = null): NewTrial {
  return { id: trialId(randomId(8, randomBytes)), ...trial, proposal };
}

function verbOf(event: SweepEvent): string {
  return event.kind === 'pause' || event.kind === 'resume' || event.kind === 'stop' || event.kind === 'cancel'
    ? `be ${participle[event.kind]}`
    : `take ${event.kind}`;
}

const participle = { pause: 'paused', resume: 'resumed', stop: 'stopped', cancel: 'cancelled' } as const;
