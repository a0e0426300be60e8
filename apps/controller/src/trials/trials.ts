/** What people do with trials and want to know of them. */
import { Conflict, Invalid, NotFound, sweepId, type Trial, trialId } from '@sweep/domain';
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

  async waitingFor(trial: Trial): Promise<string | null> {
    if (trial.state !== 'queued') return null;
    const { store, specs } = this.parts;
    const sweep = await store.sweeps.find(trial.sweep);
    if (sweep === null) return null;
    const [agents, counts, now] = await Promise.all([store.agents.online(sweep.pool), store.sweeps.counts([sweep.id]), store.now()]);
    const count = counts.get(sweep.id)!;
    return whyWaiting({ trial, sweep, running: count.running + count.stopping, needs: specs.of(sweep).resources, agents, now });
  }

  /** @throws Conflict when it has ended */
  async cancel(trial: Trial, reason: string): Promise<void> {
    const answer = await this.parts.endings.cancel(trial.id, reason);
    if (answer.kind !== 'moved') throw new Conflict(`trial ${trial.number} is ${answer.trial.state}: there is nothing to cancel`);
  }
}
