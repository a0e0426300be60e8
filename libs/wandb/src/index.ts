/** What a server must say so that unmodified W&B clients work with it: the schema, a tolerant executor, and pure mappings. */
export { exitCommands, noCommands, type RunCommand, runCommands, stopCommands } from './agents/command.js';
export {
  type AgentCommand,
  type Assignment,
  type Disappearance,
  decideHeartbeat,
  type Heartbeat,
  type HeartbeatDecision,
  handOut,
  liveRuns,
  type StopWish,
} from './agents/heartbeat.js';
export { type ArtifactName, artifactAlias, collectionName, parseArtifactName, versionOfAlias } from './artifacts/artifact-name.js';
export { digestText, type Manifest, type ManifestEntry, mergeManifests, parseManifest } from './artifacts/manifest.js';
export {
  type BranchPoint,
  branchPoint,
  configValues,
  hasBegun,
  mergeConfigs,
  userConfig,
  wandbConfig,
  wrapConfig,
} from './documents/config.js';
export { type DefinedMetric, definedMetrics, definitionOf } from './documents/defined-metrics.js';
export { HistoryKeys } from './documents/history-keys.js';
export { resumeStatus, type StoredStreams } from './documents/resume.js';
export { answerOfError, type GraphqlAnswer } from './execute/answer.js';
export { Executor, type ExecutorOptions, type Resolvers, type UnknownReport } from './execute/executor.js';
export type * from './gen/inputs.js';
export { JsonText, writeJson } from './json/json-text.js';
export { type Raw, type RawList, type RawObject, type RawScalar, readRaw, readRawObject, stringOf } from './json/raw.js';
export { base64OfHex, hexOfBase64 } from './naming/base64.js';
export { displayName } from './naming/display-name.js';
export { fileName, normalFileName } from './naming/file-name.js';
export { type StorageKind, storageId, storageKey, storageNumber } from './naming/storage-ids.js';
export { type Comparison, type Filter, type FilterValue, parseFilter } from './reads/filter.js';
export { evenlySpread, type HistorySpec, historySpec, specRow } from './reads/history-spec.js';
export { type Matching, matches } from './reads/matching.js';
export {
  parseRunOrder,
  pathReadings,
  type RunColumn,
  type RunField,
  type RunOrder,
  runColumns,
  runField,
  valueAt,
} from './reads/run-fields.js';
export { schema } from './schema/schema.js';
export {
  crashedAfterMs,
  isLiveRun,
  nextRunState,
  type RunEvent,
  type RunState,
  type RunTransition,
  runStateOfTrial,
  runStates,
  runTransitions,
} from './states/run-state.js';
export { sweepRefusal, sweepWarnings } from './states/sweep-findings.js';
export { sweepEventOf, type WireSweepState, wireSweepState, wireSweepStateForCommands } from './states/sweep-state.js';
export { type ConsoleLine, consoleLine } from './stream/console-line.js';
export { type FileStreamRequest, readFileStream, type StreamedLines } from './stream/file-stream.js';
export { type MeasuredLine, measuredLine } from './stream/measured-line.js';
