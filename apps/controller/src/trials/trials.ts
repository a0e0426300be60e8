/** What people do with trials and want to know of them. */
import { Conflict, Invalid, NotFound, type Sweep, sweepId, type Trial, type TrialId, trialId } from '@sweep/domain';
import type { Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import type { Endings } from './endings.js';
import { whyWaiting } from './waiting.js';

export class Trials {
  constructor(private readonly parts: { readonly store: Store; readonly specs: Specs; readonly endings: Endings }) {}

  /** `ID` (of the trial's run) or `SWEEP#NUMBER`. */
  async find(reference: string): Promise<Trial> {
    const numbered = /^(?:[^#]*\/)?([a-z0-9]{8})#([1-9]\d{0,8})$/.exec(reference);
    if (numbered === null && !/^[a-z0-9]{8}$/.test(reference))
      throw new Invalid(`"${reference}" is not a trial: expected a run id of 8 letters and digits, or SWEEP#NUMBER`);
    const trial =
      numbered === null
        ? await this.parts.store.trials.find(trialId(reference))
        : await this.parts.store.trials.findByNumber(sweepId(numbered[1]!), Number(numbered[2]));
    if (trial === null) throw new NotFound(`there is no trial ${reference}`);
    return trial;
  }

  /** Of the sweep's trials, those that are queued, each with the reason in words. As many queries for all as for one. */
  async waitingFor(sweep: Sweep, trials: readonly Trial[]): Promise<ReadonlyMap<TrialId, string>> {
    const queued = trials.filter(({ state }) => state === 'queued');
    if (queued.length === 0) return new Map();
    const { store, specs } = this.parts;
    const [agents, counts, now] = await Promise.all([store.agents.online(sweep.pool), store.sweeps.counts([sweep.id]), store.now()]);
    const count = counts.get(sweep.id);
    const running = count === undefined ? 0 : count.running + count.stopping;
    const needs = specs.of(sweep).resources;
    return new Map(queued.map((trial) => [trial.id, whyWaiting({ trial, sweep, running, needs, agents, now })]));
  }

  /** A search outside finds it not worth finishing; one that has ended stays as it is. */
  async prune(trial: Trial, reason: string): Promise<void> {
    await this.parts.endings.prune(trial.id, reason);
  }

  /** @throws Conflict when it has ended */
  async cancel(trial: Trial, reason: string): Promise<void> {
    const answer = await this.parts.endings.cancel(trial.id, reason);
    if (answer.kind !== 'moved') throw new Conflict(`trial ${trial.number} is ${answer.trial.state}: there is nothing to cancel`);
  }
}
