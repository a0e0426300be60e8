/** Refuses params that do not belong to a sweep's space. */
import { Invalid } from '@sweep/domain';
import { misfit, type Params, type SearchSpace } from '@sweep/optimizer';

/** @throws Invalid naming the parameter */
export function checkParams(space: SearchSpace, params: Params): void {
  const found = misfit(space, params);
  if (found !== null) throw new Invalid(found.message, [found]);
}
