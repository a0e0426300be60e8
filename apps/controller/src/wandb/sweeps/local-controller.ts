/**
 * Sweeps with `controller: {type: local}`: `wandb controller` searches on somebody's own machine, says what to try and what to stop, and
 * reads back what became of it.
 *
 * Nothing is kept for it. A point becomes a trial whose id follows from the controller's name for it, so that a point which is posted
 * again is the same trial; what is read back is made from the trials, each by its own id.
 */
import { createHash } from 'node:crypto';
import { Invalid, isEnded, randomId, type Sweep, type SweepId, type Trial, type TrialId, trialId } from '@sweep/domain';
import { stringifyJson } from '@sweep/optimizer';
import { controllerState, readControllerWish, schedulerState, wrapConfig } from '@sweep/wandb';
import { allPages } from '../../views/paging.js';
import type { WandbParts } from '../parts.js';
import { paramsOf } from '../runs/params.js';

/** @throws Invalid */
export async function obeyController(parts: WandbParts, sweep: Sweep, text: string): Promise<void> {
  const { engine, store } = parts;
  const wish = readControllerWish(text);
  if (wish === undefined) throw new Invalid('controller is not {"schedule": [{"id", "data": {"args"}}], "earlystop": [RUN]}');
  if (engine.specs.of(sweep).engine !== 'local')
    throw new Invalid(`sweep ${sweep.id} is searched here: its file has no \`controller: {type: local}\``);
  if (isEnded(sweep.state) || sweep.state === 'stopping') return;
  const known = new Set((await enqueued(parts, sweep)).map(({ id }) => id as string));
  for (const { id, config } of wish.points) {
    if (known.has(id)) continue;
    if (config === null) await engine.sweeps.exhaust(sweep.id);
    else await engine.sweeps.enqueueAs(sweep.id, trialOf(sweep.id, id), paramsOf(config));
  }
  for (const name of wish.stop) {
    const record = await store.runs.recordByHandle(sweep.project, name);
    if (record?.sweep !== sweep.id || record.trial === null) continue;
    await engine.trials.prune(await engine.trials.find(record.trial), 'stopped early by the local controller');
  }
}

/** Null for a sweep that is searched here. */
export async function controllerDocument(parts: WandbParts, sweep: Sweep): Promise<string | null> {
  if (parts.engine.specs.of(sweep).engine !== 'local') return null;
  const trials = await enqueued(parts, sweep);
  const waiting = trials.filter(({ state }) => state === 'queued').map(({ id, params }) => ({ id, config: configOf(params) }));
  return controllerState(
    waiting,
    trials.filter(({ state }) => state === 'stopping').map(({ id }) => id),
  );
}

export async function schedulerDocument(parts: WandbParts, sweep: Sweep): Promise<string | null> {
  if (parts.engine.specs.of(sweep).engine !== 'local') return null;
  return schedulerState((await enqueued(parts, sweep)).map(({ id }) => id));
}

async function enqueued({ store }: WandbParts, sweep: Sweep): Promise<readonly Trial[]> {
  return await allPages((page) => store.trials.list(sweep.id, { origin: 'enqueued' }, page));
}

function trialOf(sweep: SweepId, point: string): TrialId {
  let round = 0;
  const bytes = () => createHash('sha256').update(`${sweep}/${point}/${round++}`).digest();
  return trialId(randomId(8, bytes));
}

const configOf = (params: Trial['params']): string =>
  wrapConfig(Object.entries(params).map(([name, value]) => [name, stringifyJson(value, { nonFinite: 'bare' })] as const));
