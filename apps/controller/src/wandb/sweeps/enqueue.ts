/** `enqueueSweepRun`: a search on the client's side (`wandb sweep-scheduler`) asks for a trial; agents get it in order of arrival. */
import { Forbidden, NotFound, runId, sweepId } from '@sweep/domain';
import { type EnqueueSweepRunInput, storageId, storageKey } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';
import { paramsOf } from '../runs/params.js';

export async function enqueueSweepRun(parts: WandbParts, input: EnqueueSweepRunInput, { caller, scope }: WandbContext) {
  if (caller.key.trial !== null) throw new Forbidden('permission denied: the key of a trial cannot ask for trials');
  const sweep = await parts.store.sweeps.find(sweepId(storageKey('Sweep', input.id) ?? input.id));
  if (sweep === null) throw new NotFound(`there is no sweep ${input.id.slice(0, 80)}`);
  await scope.demandEntity(sweep.entity);
  const [trial] = await parts.engine.sweeps.enqueue(sweep.id, [paramsOf(input.config)]);
  if (input.displayName) await parts.store.runs.change(runId(trial!.id), () => ({ name: input.displayName! }));
  // Clients look for the run by its short name.
  return { id: trial!.id, runQueueItemId: storageId('Run', trial!.id) };
}
