/** What a sampler may learn from a trial. Pure. */
import { blameOf, isLive, type Trial } from '@sweep/domain';
import type { Observation } from '@sweep/optimizer';

export function toObservation({
  number,
  params,
  state,
  values,
  cause,
}: Pick<Trial, 'number' | 'params' | 'state' | 'values' | 'cause'>): Observation {
  const finite = values.map((value) => (value !== null && Number.isFinite(value) ? value : null));
  if (isLive(state)) return { number, params, state: 'live', values: finite };
  const observation = { number, params, state: state as Exclude<Observation['state'], 'live'>, values: finite };
  return state === 'failed' && cause !== null ? { ...observation, blame: blameOf(cause) } : observation;
}
