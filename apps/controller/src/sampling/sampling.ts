/**
 * Asks samplers that learn, in threads of their own: the event loop of the controller never waits for mathematics.
 *
 * A sweep always goes to the same thread, which is told each entry of its log once, and the trials that are not in the log with each
 * question. A thread that lacks the log, because it died or keeps warmer sweeps, is told all of it.
 */
import { SamplerFailed, type Sweep, type SweepId } from '@sweep/domain';
import type { SliceWish } from '@sweep/optimizer';
import type { Logger } from '@sweep/runtime';
import type { SamplerStep, Store, UnobservedTrial } from '@sweep/store';
import type { Cut, Insight } from './insight.js';
import type { Chosen, Question, Reply, Task } from './messages.js';
import { Pace } from './pace.js';
import { Thread, ThreadDied } from './thread.js';
import { fromFirstChange, waitingTail } from './waiting-tail.js';

export interface SamplingOptions {
  readonly store: Pick<Store, 'searchLog'>;
  /** Threads at most; each starts when it is first needed. */
  readonly threads: number;
  /** The program of a thread. */
  readonly program: URL;
  readonly log: Logger;
}

/** Kept warm by all threads together; the thread for insights keeps as many more. */
const mostSweeps = 16;
/** Rows of one read: reading them must not keep the event loop. */
const rowsAtOnce = 250;
const mostDeaths = 2;
/** A thread is told its log again when it turns out to lack it; more often than this, and sweeps crowd each other out. */
const mostTellings = 5;

export interface Sampled extends Pick<SamplerStep, 'cursor' | 'exhausted' | 'observed'> {
  /** Length of the log that the choice was made from. */
  readonly asOf: number;
  readonly samplerVersion: number;
  readonly renewed: readonly Chosen[];
  readonly added: readonly Chosen[];
}

interface Asked {
  readonly sweep: Sweep;
  readonly newer: readonly UnobservedTrial[];
  readonly task: Task;
}

export class Sampling {
  readonly #threads: readonly Thread[];
  /** Of its own: no sweep's next point waits for what people look at. */
  readonly #insights: Thread;
  readonly #pace: Pace;

  constructor(private readonly options: SamplingOptions) {
    const { threads, program, log } = options;
    this.#pace = new Pace(log);
    this.#insights = new Thread({ program, mostSweeps });
    this.#threads = Array.from({ length: threads }, () => new Thread({ program, mostSweeps: Math.ceil(mostSweeps / threads) }));
  }

  /**
   * The next `count` points, and other points for what waits behind the next trial, if there are new results. Null when there is
   * nothing to choose.
   *
   * @param trials how many the sweep has
   * @throws SamplerFailed
   */
  async propose(sweep: Sweep, count: number, trials: number): Promise<Sampled | null> {
    const newer = await this.#unobserved(sweep.id);
    const observed = newer.filter(({ state }) => state !== 'live').map(({ number }) => number);
    const live = newer.filter(({ state }) => state === 'live');
    const tail = observed.length === 0 ? [] : waitingTail(live, trials);
    if (count === 0 && tail.length === 0) return null;
    const settled = live.slice(0, live.length - tail.length);
    const renew = tail.map(({ number, params, renewable }) => ({ number, params, index: renewable! }));
    const thread = this.#threadOf(sweep.id);
    const thoroughness = this.#pace.thoroughnessFor(sweep.id, thread.load.share(performance.now()));
    const task = { kind: 'propose', renew, cursor: sweep.cursor, count, firstNumber: trials + 1, thoroughness } as const;
    const seen = [...newer.filter(({ state }) => state !== 'live'), ...settled];
    const reply = await this.#ask(thread, { sweep, newer: seen, task });
    if (reply.kind !== 'proposed') throw new SamplerFailed(`the sampler answered ${reply.kind}`);
    return { ...reply, asOf: sweep.logLength + observed.length, observed, renewed: fromFirstChange(tail, reply.renewed) };
  }

  /**
   * The number of the trial to prefer, noise considered; negative for a prior run, null when nothing can be said.
   *
   * @throws SamplerFailed
   */
  async recommend(sweep: Sweep): Promise<number | null> {
    const newer = await this.#unobserved(sweep.id);
    const ended = newer.filter(({ state }) => state !== 'live');
    const seen = [...ended, ...newer.filter(({ state }) => state === 'live')];
    const reply = await this.#ask(this.#threadOf(sweep.id), { sweep, newer: seen, task: { kind: 'recommend' } });
    if (reply.kind !== 'recommended') throw new SamplerFailed(`the sampler answered ${reply.kind}`);
    return reply.number;
  }

  /**
   * Of a sweep of any method: those that learn nothing have no log, and all of their trials are read.
   *
   * @throws SamplerFailed
   */
  async insight(sweep: Sweep): Promise<Insight> {
    const reply = await this.#askInsight(sweep, { kind: 'insight' });
    if (reply.kind !== 'insight') throw new SamplerFailed(`the sampler answered ${reply.kind}`);
    return reply;
  }

  /**
   * A cut through the model of the results; null while there is too little to tell.
   *
   * @throws SamplerFailed
   */
  async cut(sweep: Sweep, wish: SliceWish): Promise<Cut | null> {
    const reply = await this.#askInsight(sweep, { kind: 'cut', wish });
    if (reply.kind !== 'cut') throw new SamplerFailed(`the sampler answered ${reply.kind}`);
    return reply.cut;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads, this.#insights].map((thread) => thread.close()));
  }

  async #askInsight(sweep: Sweep, task: Task): Promise<Reply> {
    const ended = (await this.#unobserved(sweep.id)).filter(({ state }) => state !== 'live');
    return await this.#ask(this.#insights, { sweep, newer: ended, task });
  }

  async #ask(thread: Thread, { sweep, newer, task }: Asked): Promise<Reply> {
    const { id, revision, config, seed } = sweep;
    const entries = newer.map(({ renewable: _renewable, ...entry }) => entry);
    const question = { sweep: { id, revision, config, seed: seed.toString() }, asOf: sweep.logLength, newer: entries, task };
    for (let deaths = 0; ; deaths++) {
      try {
        const reply = await this.#askKnowing(thread, sweep, question);
        if (reply.kind === 'failed') throw new SamplerFailed(reply.message);
        return reply;
      } catch (error) {
        if (!(error instanceof ThreadDied)) throw error;
        if (deaths === mostDeaths)
          throw new SamplerFailed(`the sampler's thread died ${deaths + 1} times over one question: ${error.message}`);
      }
    }
  }

  async #askKnowing(thread: Thread, sweep: Sweep, question: Question): Promise<Reply> {
    for (let tellings = 0; tellings < mostTellings; tellings++) {
      await this.#tellLog(thread, sweep);
      const reply = await thread.ask(question);
      if (reply.kind !== 'missing') return reply;
      if (reply.known === null) thread.told.delete(sweep.id);
      else thread.told.set(sweep.id, reply.known);
    }
    throw new SamplerFailed(`the log of sweep ${sweep.id} cannot be kept in memory: too many sweeps run at once`);
  }

  async #tellLog(thread: Thread, sweep: Sweep): Promise<void> {
    const { searchLog } = this.options.store;
    if (!thread.told.has(sweep.id)) thread.tell({ kind: 'open', sweep: sweep.id, priors: await searchLog.priors(sweep.id) });
    for (;;) {
      const after = thread.told.get(sweep.id);
      if (after === undefined || after >= sweep.logLength) return;
      const entries = await searchLog.observed(sweep.id, after, Math.min(rowsAtOnce, sweep.logLength - after));
      // The sweep was removed meanwhile.
      if (entries.length === 0) return;
      thread.tell({ kind: 'learn', sweep: sweep.id, after, entries });
    }
  }

  /** By number. */
  async #unobserved(sweep: SweepId): Promise<readonly UnobservedTrial[]> {
    const all: UnobservedTrial[] = [];
    for (;;) {
      const page = await this.options.store.searchLog.unobserved(sweep, all.at(-1)?.number ?? 0, rowsAtOnce);
      all.push(...page);
      if (page.length < rowsAtOnce) return all;
    }
  }

  /** Ids are random, so that their sum spreads them. */
  #threadOf(sweep: SweepId): Thread {
    const sum = [...sweep].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    return this.#threads[sum % this.#threads.length]!;
  }
}
