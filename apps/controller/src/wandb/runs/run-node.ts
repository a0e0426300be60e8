/** A run as clients see it. What takes reading beyond its row is read when it is asked for. */

import { type RunState, runStateOfTrial, userId } from '@sweep/domain';
import { stringifyJson } from '@sweep/optimizer';
import { type Project, type RunRecord } from '@sweep/store';
import { type FieldArgs, JsonText, storageId, wandbConfig, wrapConfig } from '@sweep/wandb';
import { runArtifactConnection } from '../artifacts/nodes.js';
import { fileConnection } from '../files/file-node.js';
import type { WandbParts } from '../parts.js';
import { wireTime, wireTimeOrNull } from '../times.js';
import { userNode } from '../viewer.js';
import { logConnection } from './console.js';
import { RunHistory } from './history.js';
import { summaryOf } from './summary.js';

const endedWell: RunState = 'finished';
const failures = ['failed', 'crashed'];
const live = ['running', 'preempting'];

export function runNode(parts: WandbParts, record: RunRecord, project: Project) {
  const state = stateOf(record);
  const history = new RunHistory(parts.store, record);
  return {
    ...descriptionOf(record),
    id: storageId('Run', record.id),
    projectId: project.number,
    project: () => parts.nodes.project(project),
    name: record.handle,
    displayName: record.name,
    sweepName: record.sweep,
    state,
    readOnly: false,
    createdAt: wireTime(record.createdAt),
    updatedAt: wireTimeOrNull(record.updatedAt ?? record.createdAt),
    heartbeatAt: wireTime(record.heartbeatAt ?? record.createdAt),
    config: () => configOf(record),
    wandbConfig: ({ keys }: FieldArgs['Run.wandbConfig']) => wandbConfig(configOf(record), keys),
    summaryMetrics: () => summaryOf(parts.store, record),
    systemMetrics: record.systemMetrics ?? '{}',
    historyKeys: async () => {
      const keys = await history.keys();
      return keys === null ? null : JsonText.of(keys);
    },
    historyLineCount: () => history.lineCount(),
    eventsLineCount: record.eventLines,
    logLineCount: record.logLines,
    historyTail: () => history.tail('history'),
    eventsTail: () => history.tail('events'),
    user: () => ownerOf(parts, record, project),
    exitcode: record.exitCode,
    shouldStop: record.stopRequested,
    stopped: record.stopRequested,
    failed: failures.includes(state),
    running: live.includes(state),
    history: (args: FieldArgs['Run.history']) => history.rows(args),
    events: ({ samples }: FieldArgs['Run.events']) => history.events(samples),
    sampledHistory: ({ specs }: FieldArgs['Run.sampledHistory']) => Promise.all(specs.map((spec) => history.sampled(spec))),
    // Without files of it clients page through `history`.
    parquetHistory: { parquetUrls: [], liveData: [] },
    fileCount: () => fileConnection(parts, record, { first: 0 }).then(({ totalCount }) => totalCount),
    files: (args: FieldArgs['Run.files']) => fileConnection(parts, record, args),
    logLines: (args: FieldArgs['Run.logLines']) => logConnection(parts.store, record, args),
    outputArtifacts: (args: FieldArgs['Run.outputArtifacts']) =>
      runArtifactConnection(parts, parts.store.artifacts.ofRun(record.id, 'output'), args),
    inputArtifacts: (args: FieldArgs['Run.inputArtifacts']) =>
      runArtifactConnection(parts, parts.store.artifacts.ofRun(record.id, 'input'), args),
  };
}

/** Clients take nobody for an answer: a trial's run is whose sweep it is, else whose entity. */
async function ownerOf(parts: WandbParts, record: RunRecord, project: Project) {
  const { store } = parts;
  const sweep = record.user === null && record.sweep !== null ? await store.sweeps.find(record.sweep) : null;
  const id = record.user ?? sweep?.createdBy ?? null;
  const user = (id === null ? null : await store.keys.findUser(id)) ?? (await store.keys.findUserByName(project.entity));
  return userNode(parts, user ?? { id: userId(project.entity), name: project.entity, admin: false, createdAt: project.createdAt });
}

function descriptionOf(record: RunRecord) {
  const { notes, tags, group, jobType, commit, repo, program, host } = record;
  return { description: null, notes, tags: [...tags], group, groupName: group, jobType, commit, repo, program, host };
}

/** The word of W&B's clients: a trial's run shows its trial's state. */
export function stateOf({ state, trialState, trialCause }: RunRecord): RunState {
  return trialState === null ? (state ?? endedWell) : runStateOfTrial({ state: trialState, cause: trialCause });
}

/** The client's own document, else the parameters in its form. */
export function configOf({ configDocument, config }: RunRecord): string {
  return configDocument ?? wrapConfig(Object.entries(config).map(([name, value]) => [name, stringifyJson(value, { nonFinite: 'bare' })]));
}
