/**
 * W&B's `metric.impute`: failed trials are given a value, instead of being modelled as failures.
 *
 * `latest` and `best`: the trial's own value, as it was counted when it ended; without one, as `worst`: the worst of all that have
 * ended. 0 when nobody has a value (wandb/sweeps, `bayes_search.py`). Params stay the same objects, by which samplers know trials.
 */
import type { Objective } from '@sweep/domain';
import type { Observation, Sampler } from '@sweep/optimizer';

export function imputing(sampler: Sampler, objective: Objective | undefined): Sampler {
  if (objective?.impute === undefined) return sampler;
  const change = (observations: readonly Observation[]): readonly Observation[] => imputed(observations, objective);
  return {
    ask: (request) => sampler.ask({ ...request, observations: change(request.observations) }),
    recommend: (observations) => sampler.recommend?.(change(observations)) ?? null,
  };
}

function imputed(observations: readonly Observation[], { goal, impute }: Objective): readonly Observation[] {
  const known = observations.flatMap(({ state, values: [value] }) => (state === 'live' || value == null ? [] : [value]));
  const worst = known.reduce((a, b) => (goal === 'minimize' ? Math.max(a, b) : Math.min(a, b)), known[0] ?? 0);
  return observations.map((observation) => {
    if (!lacksValue(observation)) return observation;
    const { state, values, blame: _blame, ...rest } = observation;
    const own = impute === 'worst' || state === 'completed' ? null : (values[0] ?? null);
    return { ...rest, state: 'completed', values: [own ?? worst, ...values.slice(1)] };
  });
}

/** A machine's failure says nothing about the point. */
function lacksValue({ state, values: [value], blame }: Observation): boolean {
  return (state === 'failed' && blame !== 'infra') || (state === 'completed' && value == null);
}
