/** What people and programs do to runs: stop, delete, set a state, rewind, raise an alert. */
import { Conflict, Invalid, isLiveRun, NotFound, runId, runStates } from '@sweep/domain';
import type { Project, RunRecord } from '@sweep/store';
import {
  type DeleteRunInput,
  mayBecomeByHand,
  type NotifyScriptableRunAlertInput,
  type RewindRunInput,
  type StopRunInput,
  storageKey,
  type UpdateRunStateInput,
} from '@sweep/wandb';
import { deleteOutputs } from '../artifacts/editing.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { samePostMs } from '../same-post.js';
import { lineOfStep, storedLines } from './lines.js';
import { lastValues, linesOutcome } from './outcome.js';
import { stateOf } from './run-node.js';

export async function stopRun(parts: WandbParts, { id }: StopRunInput, context: WandbContext) {
  const record = await writable(parts, id, context);
  if (!isLiveRun(stateOf(record))) return { success: true };
  if (record.trial === null) await parts.store.runs.change(record.id, () => ({ stopRequested: true }));
  else await parts.engine.trials.cancel(await parts.engine.trials.find(record.trial), 'stopped by a W&B client');
  return { success: true };
}

/** Again is no error: clients ask again, for the artifacts too. */
export async function deleteRun(parts: WandbParts, { id, deleteArtifacts }: DeleteRunInput, context: WandbContext) {
  const record = await known(parts, id, context);
  if (record.trial !== null) throw new Conflict(`run ${record.handle} is a trial of sweep ${record.sweep}: delete the sweep`);
  if (deleteArtifacts === true) await deleteOutputs(parts, record);
  if (record.deletedAt === null) await parts.store.runs.remove([record.id]);
  return { clientMutationId: null };
}

export async function updateRunState(parts: WandbParts, { id, state }: UpdateRunStateInput, context: WandbContext) {
  const record = await writable(parts, id, context);
  const wished = runStates.find((known) => known === state.toLowerCase());
  if (wished === undefined) throw new Invalid(`"${state.slice(0, 40)}" is no state of a run: there are ${runStates.join(', ')}`);
  if (record.trial !== null) throw new Conflict(`run ${record.handle} is a trial of sweep ${record.sweep}, which says its state`);
  await parts.store.runs.change(record.id, (current) => {
    const from = stateOf(current);
    if (!mayBecomeByHand(from, wished)) throw new Conflict(`run ${record.handle} is ${from}: it cannot be made ${wished} by hand`);
    return { state: wished };
  });
  return { success: true };
}

export async function raiseAlert(parts: WandbParts, input: NotifyScriptableRunAlertInput, context: WandbContext) {
  const { record, project } = await named(parts, input, context);
  const level = ({ INFO: 'info', WARN: 'warn', ERROR: 'error' } as const)[input.severity ?? 'INFO'];
  const silenceMs = Math.max(0, Math.round(input.waitDuration ?? 0));
  const wish = { run: record.id, title: input.title.slice(0, 200), text: input.text.slice(0, 10_000), level, silenceMs };
  const alert = await parts.store.alerts.raise(wish, samePostMs);
  if (!alert.silenced) await parts.engine.webhooks.alertRaised(alert, record, project);
  return { success: true };
}

/** Back to a step: later lines of the caller's attempt go, and its program goes on behind it. Null fails the client's `init`. */
export async function rewindRun(parts: WandbParts, input: RewindRunInput, context: WandbContext) {
  const { record, project } = await named(parts, input, context);
  if (input.metricName !== '_step') throw new Invalid(`a run is rewound by "_step", not by "${input.metricName.slice(0, 80)}"`);
  const attempt = await context.scope.attemptOf(record);
  const key = { run: record.id, attempt, stream: 'history' } as const;
  const kept = await lineOfStep(storedLines(parts.store, key, null), Math.floor(input.metricValue) + 1);
  const cut = await parts.store.lines.cut(key, kept, (current, added) => {
    const { change, series } = linesOutcome(current, added, parts.clock.now());
    const own = record.trial === null ? ({ state: 'running', exitCode: null, stopRequested: false } as const) : {};
    return { change: { ...change, ...own, summary: lastValues(added.flatMap(({ lines }) => lines)) }, series };
  });
  return { rewoundRun: cut === null ? null : { ...parts.nodes.run(cut, project), historyLineCount: kept } };
}

async function writable(parts: WandbParts, id: string, context: WandbContext): Promise<RunRecord> {
  const record = await known(parts, id, context);
  if (record.deletedAt !== null) throw new NotFound(`run ${record.handle} was deleted`);
  return record;
}

/** It may have been deleted. */
async function known(parts: WandbParts, id: string, { scope }: WandbContext): Promise<RunRecord> {
  const record = await parts.store.runs.record(runId(storageKey('Run', id) ?? ''));
  if (record === null) throw new NotFound(`there is no run with the id ${id.slice(0, 100)}`);
  await scope.demandWrite(record);
  return record;
}

interface RunNames {
  readonly entityName?: string | null;
  readonly projectName?: string | null;
  readonly runName: string;
}

/** A run that the caller may write to. @throws NotFound, Forbidden */
export async function named(
  parts: WandbParts,
  { entityName, projectName, runName }: RunNames,
  { scope }: WandbContext,
): Promise<{ readonly record: RunRecord; readonly project: Project }> {
  const project = await scope.project(entityName, projectName);
  const record = project === null ? null : await parts.store.runs.recordByHandle(project.id, runName);
  if (project === null || record === null || record.deletedAt !== null)
    throw new NotFound(`there is no run ${[entityName, projectName, runName].filter(Boolean).join('/')}`);
  await scope.demandWrite(record);
  return { record, project };
}
