/** What a server must say so that unmodified W&B clients work with it: the schema, a tolerant executor, and pure mappings. */
export { exitCommands, noCommands, runCommands, stopCommands } from './agents/command.js';
export { controllerState, readControllerWish, schedulerState } from './agents/controller-wish.js';
export {
  type AgentCommand,
  type Disappearance,
  decideHeartbeat,
  type Heartbeat,
  handOut,
  liveRuns,
} from './agents/heartbeat.js';
export { artifactAlias, collectionName, parseArtifactName, versionOfAlias } from './artifacts/artifact-name.js';
export { type ManifestEntry, mergeManifests, parseManifest } from './artifacts/manifest.js';
export { branchPoint, userConfig, wandbConfig, wrapConfig } from './documents/config.js';
export { definedMetrics, definitionOf } from './documents/defined-metrics.js';
export { HistoryKeys, lastStepOf } from './documents/history-keys.js';
export type { GraphqlAnswer } from './execute/answer.js';
export { Executor, type Resolvers } from './execute/executor.js';
export type * from './gen/inputs.js';
export { JsonText } from './json/json-text.js';
export { type RawObject, readRaw, readRawObject, stringOf } from './json/raw.js';
export { base64OfHex, hexOfBase64 } from './naming/base64.js';
export { displayName } from './naming/display-name.js';
export { fileName, normalFileName } from './naming/file-name.js';
export { storageId, storageKey } from './naming/storage-ids.js';
export { type FilterValue, parseFilter } from './reads/filter.js';
export { evenlySpread, historySpec, specRow } from './reads/history-spec.js';
export { matches } from './reads/matching.js';
export { parseRunOrder, runField, valueAt } from './reads/run-fields.js';
export { crashedAfterMs, mayBecomeByHand, nextRunState, type RunEvent } from './states/run-state.js';
export { sweepRefusal, sweepWarnings } from './states/sweep-findings.js';
export { sweepEventOf, wireSweepState, wireSweepStateForCommands } from './states/sweep-state.js';
export { consoleLine } from './stream/console-line.js';
export { type FileStreamRequest, readFileStream } from './stream/file-stream.js';
export { type MeasuredLine, measuredLine } from './stream/measured-line.js';
