/**
 * From a sweep to the trials that its sampler adds, and to what the log must remember of that. Samplers that learn nothing are asked
 * here; the others in their threads.
 */
import { SamplerFailed, type Sweep } from '@sweep/domain';
import { type Observation, SpaceError } from '@sweep/optimizer';
import type { NewTrial, SamplerStep, Store } from '@sweep/store';
import type { Specs } from '../specs.js';
import { newTrial } from '../sweeps/sweeps.js';
import type { Chosen } from './messages.js';
import { readParams, toObservation } from './observations.js';
import type { Sampled, Sampling } from './sampling.js';

export interface ProposerParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly sampling: Pick<Sampling, 'propose' | 'recommend'>;
}

export interface Choice {
  readonly trials: readonly NewTrial[];
  readonly step: SamplerStep;
}

export class Proposer {
  constructor(private readonly parts: ProposerParts) {}

  /**
   * Null when nothing changes.
   *
   * @param trials how many the sweep has
   * @throws SamplerFailed
   */
  async choose(sweep: Sweep, count: number, trials: number): Promise<Choice | null> {
    const definition = this.parts.specs.sampler(sweep)?.definition;
    if (definition?.learnsFrom !== 'all') return count === 0 ? null : this.#ask(sweep, count);
    const sampled = await this.parts.sampling.propose(sweep, count, trials);
    return sampled === null ? null : choiceOf(sweep, sampled);
  }

  /** The number of the trial to prefer, noise considered; negative for a prior run, null where no model can say. */
  async recommend(sweep: Sweep): Promise<number | null> {
    const broken = sweep.state === 'failed' && sweep.reason === 'sampler';
    if (broken || this.parts.specs.sampler(sweep)?.definition.learnsFrom !== 'all') return null;
    return await this.parts.sampling.recommend(sweep);
  }

  async #ask(sweep: Sweep, count: number): Promise<Choice> {
    const { definition, sampler } = this.parts.specs.sampler(sweep)!;
    const observations = definition.learnsFrom === 'others' ? await this.#others(sweep) : [];
    try {
      const { proposals, cursor, exhausted } = sampler.ask({ cursor: sweep.cursor, count, observations });
      const proposal = { index: sweep.cursor, asOf: 0, revision: sweep.revision, samplerVersion: definition.version, detail: null };
      return {
        trials: proposals.map(({ params, why }) => newTrial({ params, origin: 'sampler', retryOf: null, why }, proposal)),
        step: { cursor, exhausted, observed: [], renewed: [] },
      };
    } catch (error) {
      if (error instanceof SpaceError) throw new SamplerFailed(error.message);
      throw error;
    }
  }

  /** Prior runs count like trials that somebody else proposed. */
  async #others(sweep: Sweep): Promise<readonly Observation[]> {
    const { searchLog } = this.parts.store;
    return [...(await searchLog.priors(sweep.id)), ...(await searchLog.others(sweep.id))].map((entry) => toObservation(entry));
  }
}

function choiceOf({ revision }: Sweep, { added, renewed, asOf, samplerVersion, cursor, exhausted, observed }: Sampled): Choice {
  const proposalOf = ({ index, detail }: Chosen) => ({ index, asOf, revision, samplerVersion, detail });
  return {
    trials: added.map((chosen) =>
      newTrial({ params: readParams(chosen.params), origin: 'sampler', retryOf: null, why: chosen.why }, proposalOf(chosen)),
    ),
    step: {
      cursor,
      exhausted,
      observed,
      renewed: renewed.map((chosen) => ({
        number: chosen.number,
        params: readParams(chosen.params),
        why: `chosen again after new results: ${chosen.why}`,
        proposal: proposalOf(chosen),
      })),
    },
  };
}
