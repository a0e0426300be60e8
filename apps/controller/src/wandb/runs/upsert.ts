/** `upsertBucket`: a program begins, continues or describes its run; the public API describes one by its id. */
import { randomBytes } from 'node:crypto';
import { Bug, Forbidden, Invalid, isLiveRun, NotFound, randomId, runId, runStates, sweepId } from '@sweep/domain';
import type { Project, RunChange, RunRecord } from '@sweep/store';
import { displayName, nextRunState, readRawObject, storageKey, type UpsertBucketInput } from '@sweep/wandb';
import type { WandbContext, WandbParts } from '../parts.js';
import { takeOver } from './fork.js';
import { paramsOf } from './params.js';

/** As long as W&B allows; nothing that would part a path. */
const handleForm = /^[^/\\#?%:\u0000-\u001f]{1,64}$/;

export async function upsertBucket(parts: WandbParts, input: UpsertBucketInput, context: WandbContext) {
  const { record, project, inserted } = await found(parts, input, context);
  if (record.deletedAt !== null) throw new NotFound(`run ${record.handle} was deleted: choose another id`);
  await context.scope.demandWrite(record);
  const changed = await change(parts, record, { input, inserted, attempt: await context.scope.attemptOf(record) });
  const forked = await takeOver(parts, changed, project);
  return {
    bucket: { ...parts.nodes.run(forked, project), historyLineCount: await firstLine(parts, forked) },
    inserted,
    serverSettings: { serverMessages: [] },
  };
}

/** How long a client may take from asking where its run goes on to going on. */
const resumeWithinMs = 5 * 60_000;

/**
 * Where clients begin to write. A greater number would make a program that begins anew append to the lines of the one before it, but
 * 0.19 takes it also for the place at which to go on when it resumes.
 */
async function firstLine({ store }: WandbParts, { resumeAskedAt, heartbeatAt, historyLines, forkLines }: RunRecord): Promise<number> {
  const resumes = resumeAskedAt !== null && resumeAskedAt > (heartbeatAt ?? 0) && (await store.now()) - resumeAskedAt < resumeWithinMs;
  return resumes ? historyLines : (forkLines ?? 0);
}

interface Found {
  readonly record: RunRecord;
  readonly project: Project;
  readonly inserted: boolean;
}

async function found(parts: WandbParts, input: UpsertBucketInput, context: WandbContext): Promise<Found> {
  const { runs, projects } = parts.store;
  if (typeof input.id === 'string' && input.id !== '') {
    const record = await runs.record(runId(storageKey('Run', input.id) ?? ''));
    if (record === null) throw new NotFound(`there is no run with the id ${input.id}`);
    return { record, project: (await projects.findById(record.project))!, inserted: false };
  }
  const project = await context.scope.writableProject(input.entityName, input.modelName);
  const handle = input.name || randomId(8, randomBytes);
  if (!handleForm.test(handle))
    throw new Invalid(`"${handle.slice(0, 80)}" cannot be a run's id: at most 64 characters, none of / \\ # ? % :`);
  const known = await runs.recordByHandle(project.id, handle);
  if (known !== null) return { record: known, project, inserted: false };
  const { trial } = context.caller.key;
  if (trial !== null) throw new Forbidden(`permission denied: this key writes only to run ${trial}`);
  const name = displayName([Math.random(), Math.random()], 1 + (await runs.count(project.id, null)));
  const owner = { project: project.id, user: context.caller.user.id, ...(await sweepNamed(parts, input, project)) };
  return { ...(await runs.ensure({ ...owner, handle, name, state: 'running' })), project };
}

/** A program may say that it belongs to a sweep that gave it no trial. */
async function sweepNamed({ store }: WandbParts, { sweep: name }: UpsertBucketInput, { id }: Project) {
  const sweep = name ? await store.sweeps.find(sweepId(name)) : null;
  return sweep?.project === id ? { sweep: sweep.id } : {};
}

interface Wish {
  readonly input: UpsertBucketInput;
  readonly inserted: boolean;
  readonly attempt: number;
}

async function change({ store }: WandbParts, { id }: RunRecord, wish: Wish): Promise<RunRecord> {
  const described = descriptionOf(wish.input);
  const changed = await store.runs.change(id, (record) => {
    // What a replaced program still says of the run is not news.
    if (wish.attempt < record.attempt) return {};
    return { ...described, ...stateOf(record, wish), ...(wish.attempt > record.attempt ? newAttempt(wish.attempt) : {}) };
  });
  if (changed === null) throw new Bug(`run ${id} went while it was changed`);
  return changed;
}

/** Null and absent leave as it is. */
function descriptionOf(input: UpsertBucketInput): RunChange {
  const { displayName: name, notes, tags, groupName: group, jobType, commit, host, jobProgram: program, jobRepo: repo, config } = input;
  const given = Object.entries({ name: name || null, notes, tags, group, jobType, commit, host, program, repo }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  const summary = input.summaryMetrics ?? null;
  if (summary !== null && readRawObject(summary) === undefined) throw new Invalid('summaryMetrics is not a JSON object');
  return {
    ...(Object.fromEntries(given) as RunChange),
    ...(config === null || config === undefined ? {} : { configDocument: config, config: paramsOf(config) }),
    ...(summary === null ? {} : { summary }),
  };
}

/** Only a program names its run by project and name; the public API has the id. */
function stateOf(record: RunRecord, { input, inserted }: Wish): RunChange {
  if (record.trial !== null) return {};
  const wished = runStates.find((state) => state === input.state);
  if (wished !== undefined) return { state: wished };
  if (inserted || input.id || record.state === null || record.state === 'running') return {};
  // On its way out a program still tells its config; one that begins again says where it runs.
  if (record.state === 'preempting' && !input.host) return {};
  const begun = { state: nextRunState({ state: record.state, stopAsked: record.stopRequested }, { kind: 'begun' }) };
  if (isLiveRun(record.state)) return begun;
  return { ...begun, exitCode: null, stopRequested: false, logRestarts: true };
}

/** Of a trial: its own lines, nothing of the attempt before. */
const newAttempt = (attempt: number): RunChange => ({
  attempt,
  summary: null,
  systemMetrics: null,
  historyKeys: null,
  exitCode: null,
});
