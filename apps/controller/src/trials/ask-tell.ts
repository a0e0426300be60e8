/**
 * Trials for programs without an agent: ask for params, report on the way, tell the result.
 *
 * The asker is an agent without slots; its lease lasts a day and every report renews it, because nothing else shows that it lives.
 */
import { randomBytes } from 'node:crypto';
import { type Agent, type AgentId, Conflict, Invalid, leaseId, type Objective, type Sweep, type Trial } from '@sweep/domain';
import type { Store } from '@sweep/store';
import type { Caller } from '../auth/caller.js';
import type { Advance } from '../background/advance.js';
import type { Specs } from '../specs.js';
import { askerId } from './asker.js';
import type { Endings } from './endings.js';
import type { Watch } from './watch.js';

export const askLeaseMs = 24 * 3_600_000;
const mostTries = 20;

export interface Told {
  readonly state: 'completed' | 'failed' | 'pruned';
  /** Of the objectives, in their order; empty when there is no result. */
  readonly values: readonly number[];
  /** What else was measured: what the sweep limits, say. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly reason: string | null;
}

export interface AskTellParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly advance: Advance;
  readonly endings: Endings;
  readonly watch: Watch;
}

export class AskTell {
  constructor(private readonly parts: AskTellParts) {}

  /** Fewer than asked when the space or the budget ends, or `parallel` is reached. */
  async ask(sweep: Sweep, count: number, name: string | null, caller: Caller): Promise<{ trials: readonly Trial[]; exhausted: boolean }> {
    if (sweep.state !== 'pending' && sweep.state !== 'running')
      throw new Conflict(`sweep ${sweep.id} is ${sweep.state}: it hands out no trials`);
    const agent = await this.#asker(name ?? caller.user.name, sweep.pool);
    const trials: Trial[] = [];
    while (trials.length < count) {
      const trial = (await this.#lease(agent, sweep)) ?? (await this.#leaseNew(agent, sweep, count - trials.length));
      if (trial === null) break;
      trials.push(trial);
    }
    const after = await this.parts.store.sweeps.find(sweep.id);
    return { trials, exhausted: trials.length < count && (after?.exhausted ?? true) };
  }

  /** Stores one step's metrics and answers whether to stop. */
  async report(
    trial: Trial,
    step: number | null,
    metrics: Readonly<Record<string, number>>,
  ): Promise<{ stop: boolean; reason: string | null }> {
    if (trial.lease === null) throw new Conflict(`trial ${trial.number} is ${trial.state}: it takes no more reports`);
    await this.#append(trial, step, metrics);
    const [renewal] = await this.parts.store.trials.renew(trial.lease.agent, [trial.lease.id], askLeaseMs);
    if (renewal?.current === false) return { stop: true, reason: 'the trial was given to another' };
    await this.parts.watch.evaluate(trial.sweep);
    const now = await this.parts.store.trials.find(trial.id);
    return { stop: now?.stop != null, reason: now?.stop?.reason ?? null };
  }

  async tell(trial: Trial, told: Told): Promise<Trial> {
    if (trial.lease === null)
      throw new Conflict(
        `trial ${trial.number} is ${trial.state}: ${trial.state === 'queued' ? 'nobody has asked for it' : 'its result is known'}`,
      );
    const sweep = await this.parts.store.sweeps.find(trial.sweep);
    const metrics = measuredIn(told, this.parts.specs.of(sweep!).objectives);
    if (Object.keys(metrics).length > 0) await this.#append(trial, null, metrics);
    if (told.state === 'pruned') await this.parts.endings.prune(trial.id, told.reason ?? 'told so');
    const attempt = await this.parts.store.attempts.find(trial.id, trial.attempt);
    const failed = told.state === 'failed';
    const end = {
      exitCode: failed ? 1 : 0,
      signal: null,
      signalled: told.state === 'pruned',
      evidence: null,
      detail: told.reason ?? (failed ? 'told to have failed' : 'told'),
    };
    const answer = await this.parts.endings.end(attempt!, end);
    if (answer.kind === 'stale') throw new Conflict(`trial ${trial.number} is ${answer.trial.state}: it was given to another`);
    return answer.trial;
  }

  async #asker(name: string, pool: string): Promise<Agent> {
    if (!/^[A-Za-z0-9_.-]{1,56}$/.test(name)) throw new Invalid(`"${name}" is not a name: use letters, digits, ".", "_" and "-"`);
    const id = askerId(name);
    const machine = { hostname: 'api', platform: 'api', cpus: 0, memoryBytes: 0, gpus: [], labels: {} };
    const agent = await this.parts.store.agents.connect({
      id,
      name: `${name} (ask)`,
      pool,
      sweep: null,
      machine,
      slots: [],
      version: 'api',
    });
    // Never handed anything by a session, and never called lost: its leases alone say whether it lives.
    await this.parts.store.agents.move(id, ['online', 'draining'], 'offline', 'asks through the API');
    return agent;
  }

  async #lease(agent: { readonly id: AgentId }, sweep: Sweep): Promise<Trial | null> {
    const leased = await this.parts.store.trials.lease({
      agent: agent.id,
      slot: 0,
      lease: leaseId(randomBytes(16).toString('hex')),
      ttlMs: askLeaseMs,
      pool: sweep.pool,
      among: [sweep.id],
      key: null,
    });
    return leased?.trial ?? null;
  }

  async #leaseNew(agent: { readonly id: AgentId }, sweep: Sweep, count: number): Promise<Trial | null> {
    await this.parts.advance.run(sweep.id, count);
    return this.#lease(agent, sweep);
  }

  /** Reports may race: the sequence decides, the loser takes the next one. Ends the sweep at its target. */
  async #append(trial: Trial, step: number | null, metrics: Readonly<Record<string, number>>): Promise<void> {
    const { store } = this.parts;
    const time = Float64Array.of(await store.now());
    for (let tries = 0; tries < mostTries; tries++) {
      const attempt = await store.attempts.find(trial.id, trial.attempt);
      const sequence = attempt!.pointSequence + 1;
      const steps = Float64Array.of(step ?? sequence - 1);
      const target = { run: attempt!.run, attempt: attempt!.number, sweep: trial.sweep };
      const series = Object.entries(metrics).map(([name, value]) => ({ name, steps, values: Float64Array.of(value), times: time }));
      const batch = { sequence, series };
      const [result] = await store.metrics.append([{ ...target, batch }]);
      if (result!.accepted) return this.parts.watch.endAtTarget(target, batch);
    }
    throw new Conflict(`trial ${trial.number} takes many reports at once; try again`);
  }
}

/** @throws Invalid */
function measuredIn({ values, metrics }: Told, objectives: readonly Objective[]): Readonly<Record<string, number>> {
  if (values.length === 0) return metrics;
  if (values.length !== objectives.length)
    throw new Invalid(`the sweep has ${objectives.length} objectives, you told ${values.length} values`);
  for (const [index, { name }] of objectives.entries())
    if (Object.hasOwn(metrics, name) && !Object.is(metrics[name], values[index]))
      throw new Invalid(
        `\`metrics\` says that ${name} is ${metrics[name]}, the objective's value is told as ${values[index]}: tell one of them`,
      );
  return { ...metrics, ...Object.fromEntries(objectives.map(({ name }, index) => [name, values[index]!])) };
}
