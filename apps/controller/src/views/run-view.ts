/** Runs as the API shows them, whole or as rows of a table. Pure; what they need beside their rows is read by run-reader.ts. */
import type { RunGroupView, RunKeyView, RunView, SavedView as SavedViewShown } from '@sweep/api';
import { isLive, isLiveRun } from '@sweep/domain';
import { Float, JsonError, type Params, parseJson } from '@sweep/optimizer';
import type { LastValue, RunGroup, RunKey, RunRecord, SavedView } from '@sweep/store';
import { fieldNamed } from './run-names.js';
import { isoTime, isoTimeOrNull } from './time.js';
import { summaryOf } from './trial-view.js';

export interface RunFacts {
  /** `ENTITY/PROJECT`. */
  readonly project: string;
  readonly user: string | null;
  readonly last: readonly LastValue[];
  /** Milliseconds since the epoch, database clock. */
  readonly now: number;
  /** Only these of config and summary, under the names given here; null: everything. */
  readonly columns: readonly string[] | null;
}

export function runView(record: RunRecord, facts: RunFacts): RunView {
  const summary = { ...summaryOf(facts.last), ...cellsOf(documentOf(record.summary)) };
  return {
    id: record.id,
    handle: record.handle,
    name: record.name,
    project: facts.project,
    sweep: record.sweep,
    trial: record.trialNumber,
    // A run has a state of its own or its trial's.
    state: record.trialState ?? record.state ?? 'running',
    user: facts.user,
    notes: record.notes,
    tags: [...record.tags],
    group: record.group,
    jobType: record.jobType,
    ...(facts.columns === null ? { config: record.config, summary } : chosen(record.config, summary, facts.columns)),
    createdAt: isoTime(record.createdAt),
    updatedAt: isoTimeOrNull(record.updatedAt),
    durationSeconds: secondsOf(record, facts.now),
  };
}

function chosen(config: Params, summary: RunView['summary'], columns: readonly string[]): Pick<RunView, 'config' | 'summary'> {
  const result: { config: Record<string, unknown>; summary: Record<string, unknown> } = { config: {}, summary: {} };
  for (const name of columns) {
    const field = fieldNamed(name);
    if (field.kind === 'column' || field.kind === 'unknown') continue;
    const configured = field.kind === 'summary' ? undefined : memberAt(config, field.path);
    if (configured !== undefined) result.config[name] = configured;
    else if (field.kind !== 'config' && Object.hasOwn(summary, field.path)) result.summary[name] = summary[field.path];
  }
  return result as Pick<RunView, 'config' | 'summary'>;
}

/** First the member of that very name, then, at its dots, members of members. */
function memberAt(value: unknown, path: string): unknown {
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const found = Object.hasOwn(value, head) ? memberAt(value[head], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float);

/** A summary as its program wrote it; bare NaN is a number here. One that cannot be read is empty: it must not hide the other runs. */
export function documentOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value = text === null ? {} : parseJson(text);
    return isRecord(value) ? value : {};
  } catch (error) {
    if (error instanceof JsonError) return {};
    throw error;
  }
}

/** Numbers, texts and booleans within, by their names joined with dots. What has a type of its own is no cell. */
function cellsOf(document: Readonly<Record<string, unknown>>, prefix = ''): RunView['summary'] {
  const cells: Record<string, RunView['summary'][string]> = {};
  for (const [name, value] of Object.entries(document)) {
    const path = `${prefix}${name}`;
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') cells[path] = value;
    else if (value instanceof Float) cells[path] = value.value;
    else if (typeof value === 'bigint') cells[path] = Number(value);
    else if (isRecord(value) && !Object.hasOwn(value, '_type')) Object.assign(cells, cellsOf(value, `${path}.`));
  }
  return cells;
}

function secondsOf({ trial, trialStartedAt, trialEndedAt, state, createdAt, heartbeatAt }: RunRecord, now: number): number | null {
  if (trial !== null) return trialStartedAt === null ? null : Math.max(0, ((trialEndedAt ?? now) - trialStartedAt) / 1000);
  return Math.max(0, ((state !== null && isLiveRun(state) ? now : (heartbeatAt ?? createdAt)) - createdAt) / 1000);
}

/** Its trial, or its program. */
export const goesOn = ({ trialState, state }: RunRecord): boolean =>
  trialState === null ? state !== null && isLiveRun(state) : isLive(trialState);

export const runKeyView = ({ kind, path, type, runs }: RunKey): RunKeyView => ({ name: `${kind}.${path}`, type, runs });

/** @param by names, in the order of the group's values; @param columns in the order of its columns */
export function runGroupView(group: RunGroup, by: readonly string[], columns: readonly string[]): RunGroupView {
  return {
    values: Object.fromEntries(by.map((name, index) => [name, group.values[index]])),
    runs: group.runs,
    states: { ...group.states },
    columns: Object.fromEntries(columns.map((name, index) => [name, { ...group.columns[index]! }])),
  };
}

export function savedViewShown(view: SavedView, project: string, by: string): SavedViewShown {
  return {
    id: view.id,
    project,
    page: view.page,
    name: view.name,
    state: JSON.parse(view.state) as SavedViewShown['state'],
    by,
    createdAt: isoTime(view.createdAt),
    updatedAt: isoTime(view.updatedAt),
  };
}
